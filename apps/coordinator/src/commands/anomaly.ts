import type { AnomalyFitResult, AnomalyMeasures, AnomalyScoreResult } from '@lockstep/trainer';
import type { AnomalyFitFlags, AnomalyScoreFlags } from '../anomalyProgram.ts';
import type { Context } from '../context.ts';
import { formatCount, formatLoss } from '../report/format.ts';
import { shownPath } from '../report/shownPath.ts';
import { runUse } from './runUse.ts';

/** Returns the exit code. */
export function anomalyFitCommand(
  run: string,
  { json, ...flags }: AnomalyFitFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'anomaly', event: 'anomaly-threshold', json },
    run: ({ anomalyFitRun }, shared) => anomalyFitRun(run, { ...flags, ...shared }),
    print: (result) => printThreshold(result, context),
  });
}

async function printThreshold(result: AnomalyFitResult, { stdout }: Context): Promise<void> {
  const { heldOut, leftOut } = result;
  const { renderTable } = await import('../report/table.ts');
  stdout.write(
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

/** Returns the exit code. */
export function anomalyScoreCommand(
  run: string,
  { json, ...flags }: AnomalyScoreFlags,
  context: Context,
): Promise<number> {
  return runUse(context, {
    ...{ name: 'anomaly', event: 'anomaly-scores', json },
    run: ({ anomalyScoreRun }, shared) => anomalyScoreRun(run, { ...flags, ...shared }),
    print: (result) => printScores(result, context),
  });
}

async function printScores(result: AnomalyScoreResult, { stdout }: Context): Promise<void> {
  const { examples, threshold, flagged = 0, measures } = result;
  const { renderTable } = await import('../report/table.ts');
  stdout.write(
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
