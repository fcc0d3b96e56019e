import type { Context } from '../context.ts';
import type { JsonFlag } from '../jsonFlag.ts';
import { formatCount, formatEpoch, formatLoss, plural } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';

export async function inspectCommand(
  run: string,
  { json }: JsonFlag,
  context: Context,
): Promise<void> {
  const { inspectRun } = await context.loadTrainer();
  const summary = await inspectRun(run);
  if (json) return writeJson(context.stdout, { event: 'inspection', ...summary });

  const { renderTable } = await import('../report/table.ts');
  const { config, lastEpoch, parameters } = summary;
  const total = parameters.reduce((sum, { count }) => sum + count, 0);
  const parts = [
    renderTable([
      ['model', summary.model],
      ['checkpoint', shownPath(summary.checkpoint)],
      ['step', formatCount(summary.step)],
      ['examples seen', formatCount(summary.examplesSeen)],
      ['weights sha256', summary.weightsSha256],
    ]),
    `Configuration:\n${renderTable(flatten(config))}`,
    `${plural(total, 'parameter')}:\n` +
      renderTable(
        parameters.map(({ name, shape, count }) => [
          name,
          `[${shape.join(', ')}]`,
          formatCount(count),
        ]),
        { align: ['left', 'left', 'right'] },
      ),
    `${plural(summary.checkpoints.length, 'checkpoint')}:\n` +
      summary.checkpoints.map((path) => `  ${shownPath(path)}\n`).join(''),
  ];
  if (lastEpoch !== undefined) {
    const { epoch, trainLoss, trainMetrics, part = 'test', testLoss, testMetrics } = lastEpoch;
    const row = (of: string, loss: number, metrics: Readonly<Record<string, number>>) => [
      of,
      ...[loss, ...Object.values(metrics)].map(formatLoss),
    ];
    parts.push(
      `After epoch ${formatEpoch(epoch)}:\n` +
        renderTable([row('train', trainLoss, trainMetrics), row(part, testLoss, testMetrics)], {
          head: ['', 'loss', ...Object.keys(testMetrics)],
        }),
    );
  }
  context.stdout.write(parts.join('\n'));
}

/** Nested settings as rows: `optimizer.beta1`, `0.9`. */
function flatten(value: object, prefix = ''): string[][] {
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? flatten(item, `${prefix}${key}.`)
      : [[prefix + key, String(item)]],
  );
}
