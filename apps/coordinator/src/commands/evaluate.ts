import type { EvaluateResult } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import type { EvaluateFlags } from '../program.ts';
import { formatCount, formatLoss, formatMetric } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { UsageError } from '../usageError.ts';
import { runUse } from './runUse.ts';

/** Returns the exit code. */
export async function evaluateCommand(
  run: string,
  { json, metrics: names, samples, ...flags }: EvaluateFlags,
  context: Context,
): Promise<number> {
  if (samples !== undefined && !names) throw uselessSamples(samples);
  const list = names?.includes('all') ? ('all' as const) : names;
  const request = list && { metrics: list, ...(samples !== undefined && { samples }) };
  return runUse(context, {
    ...{ name: 'evaluate', event: 'evaluation', json },
    run: ({ evaluateRun }, { workerEntry, signal, onEvent }) =>
      evaluateRun(run, {
        ...{ workerEntry, signal, onEvent },
        ...flags,
        ...(request && { request }),
      }),
    print: (evaluation) => print(evaluation, flags, context),
  });
}

async function print(
  evaluation: EvaluateResult,
  { engine, part = 'test' }: Pick<EvaluateFlags, 'engine' | 'part'>,
  { stdout }: Context,
): Promise<void> {
  const { checkpoint, step, averaged, examples, testLoss, testMetrics, metrics, skipped } =
    evaluation;
  const { renderTable } = await import('../report/table.ts');
  stdout.write(
    renderTable([
      ['checkpoint', shownPath(checkpoint)],
      ['step', formatCount(step)],
      ...(engine === undefined ? [] : [['engine', evaluation.engine]]),
      ...(averaged ? [['weights', 'their moving average']] : []),
      [`${part} examples`, formatCount(examples)],
      [`${part} loss`, formatLoss(testLoss)],
      ...Object.entries(testMetrics).map(([name, value]) => [`${part} ${name}`, formatLoss(value)]),
      ...Object.entries(metrics ?? {}).flatMap(([metric, values]) => metricRows(metric, values)),
      ...(skipped ?? []).map(({ metric, reason }) => [metric, `skipped: ${reason}`]),
    ]),
  );
}

/** `mig  0.31`, then a line for each further number: `mig shape  0.5`. */
function metricRows(metric: string, values: Readonly<Record<string, number>>): string[][] {
  return Object.entries(values).map(([name, value], i) => [
    i === 0 ? `${metric} (${name})` : `  ${name}`,
    formatMetric(value),
  ]);
}

function uselessSamples(samples: number): UsageError {
  return new UsageError({
    code: 'USAGE_USELESS_FLAG',
    where: '--samples',
    expected: '--metrics iw-nll, bpd, bpc or all beside it',
    got: `--samples ${samples} alone`,
    fix: 'Leave it out, or say which metrics are to use it.',
  });
}
