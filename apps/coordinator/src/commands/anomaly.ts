import type { AnomalyMeasures } from '@lockstep/trainer';
import type { AnomalyFitFlags, AnomalyScoreFlags } from '../anomalyProgram.ts';
import type { Context } from '../context.ts';
import { createEvaluationReporter } from '../report/evaluationReporter.ts';
import { formatCount, formatLoss } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { trainedOptions } from '../trainedOptions.ts';

export async function anomalyFitCommand(
  run: string,
  { json, ...flags }: AnomalyFitFlags,
  context: Context,
): Promise<void> {
  const { anomalyFitRun } = await context.loadTrainer();
  const reporter = progress(json, context);
  const result = await anomalyFitRun(run, {
    ...flags,
    ...trainedOptions(context, json),
    onProgress: reporter.onProgress,
  }).finally(reporter.close);
  if (json) return writeJson(context.stdout, { event: 'anomaly-threshold', ...result });
  const { heldOut, leftOut } = result;
  const { renderTable } = await import('../report/table.ts');
  context.stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['score', scoreText(result)],
      [
        'normal examples',
        `${formatCount(heldOut.examples)} of ${heldOut.source}` +
          (heldOut.part === undefined ? '' : `, ${heldOut.part} part`),
      ],
      ...(leftOut > 0 ? [['left out, not normal', formatCount(leftOut)]] : []),
      ['wanted rate', share(result.falsePositiveRate)],
      ['threshold', `${formatLoss(result.threshold)} nats`],
      ['of these above it', share(heldOut.exceeded)],
      ['written', shownPath(result.path)],
    ]),
  );
}

export async function anomalyScoreCommand(
  run: string,
  { json, ...flags }: AnomalyScoreFlags,
  context: Context,
): Promise<void> {
  const { anomalyScoreRun } = await context.loadTrainer();
  const reporter = progress(json, context);
  const result = await anomalyScoreRun(run, {
    ...flags,
    ...trainedOptions(context, json),
    onProgress: reporter.onProgress,
  }).finally(reporter.close);
  if (json) return writeJson(context.stdout, { event: 'anomaly-scores', ...result });
  const { examples, threshold, flagged = 0, measures } = result;
  const { renderTable } = await import('../report/table.ts');
  context.stdout.write(
    renderTable([
      ['checkpoint', shownPath(result.checkpoint)],
      ['score', scoreText(result)],
      ['examples', `${formatCount(examples)} of ${result.source}`],
      ...(threshold === undefined
        ? []
        : [
            [
              `above ${formatLoss(threshold)}`,
              `${formatCount(flagged)} (${share(flagged / examples)})`,
            ],
          ]),
      ...(measures ? measureRows(measures) : []),
      ...result.files.map(({ kind, path }) => [kind, shownPath(path)]),
    ]),
  );
}

function measureRows(measures: AnomalyMeasures): string[][] {
  const { unknown, unseen, caught, falseAlarms } = measures;
  const within = (figure: number, { low, high }: AnomalyMeasures['aucInterval']): string =>
    `${area(figure)}, 95% from ${area(low)} to ${area(high)}`;
  return [
    ['normal', formatCount(measures.normal)],
    ['anomalous', formatCount(measures.anomalous)],
    ...(unseen > 0 ? [['  with a label unseen', formatCount(unseen)]] : []),
    ...(unknown > 0 ? [['not known', formatCount(unknown)]] : []),
    ['AUC', within(measures.auc, measures.aucInterval)],
    ['average precision', within(measures.averagePrecision, measures.averagePrecisionInterval)],
    ...(caught === undefined ? [] : [['caught', share(caught)]]),
    ...(falseAlarms === undefined ? [] : [['false alarms', share(falseAlarms)]]),
  ];
}

const NAMES = { elbo: 'negative ELBO', iw: 'importance-weighted -log p(x)' } as const;

function scoreText({
  score,
  draws,
}: {
  readonly score: 'elbo' | 'iw';
  readonly draws: number;
}): string {
  return `${NAMES[score]}, ${draws === 1 ? '1 draw' : `${draws} draws`}`;
}

function area(value: number): string {
  return value.toFixed(4);
}

function share(value: number): string {
  return `${(100 * value).toFixed(2)}%`;
}

function progress(json: boolean | undefined, { stderr, now }: Context) {
  const reporter = createEvaluationReporter({ json: json ?? false, stderr, now });
  return {
    onProgress: (done: number, total: number): void => {
      const work = { metric: 'anomaly', part: 1, parts: 1, work: '' };
      reporter.onEvent({ event: 'progress', ...work, done, total });
    },
    close: (): void => reporter.close(),
  };
}
