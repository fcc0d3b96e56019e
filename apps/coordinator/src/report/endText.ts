/** The last words of a run. */
import { join } from 'node:path';
import type { ArtifactEvent, DoneEvent, EpochEvent, ProfileEvent } from '@lockstep/protocol';
import { shownPath } from './shownPath.ts';
import { formatCount, formatDuration, formatEpoch, formatLoss, plural } from './format.ts';
import type { RunEnd } from './trainReporter.ts';

export interface EndContext {
  readonly lastEpoch: EpochEvent | undefined;
  readonly profile: ProfileEvent | undefined;
  readonly artifacts: ReadonlyMap<ArtifactEvent['kind'], string>;
  /** Since the first step. */
  readonly seconds: number;
}

/** Ends in a line feed. */
export async function endText(end: RunEnd, context: EndContext): Promise<string> {
  const { renderTable } = await import('./table.ts');
  const parts = [];
  if (end.event === 'done') {
    const part = end.part ?? 'test';
    const metrics = Object.entries(context.lastEpoch?.testMetrics ?? {});
    parts.push(
      renderTable([
        [
          'steps',
          `${formatCount(end.steps)} (${formatEpoch(end.epochs)} ${end.epochs === 1 ? 'epoch' : 'epochs'})`,
        ],
        ['examples seen', formatCount(end.examples)],
        ['train loss', formatLoss(end.trainLoss)],
        [`${part} loss`, formatLoss(end.testLoss)],
        ...metrics.map(([name, value]) => [`${part} ${name}`, formatLoss(value)]),
        ...bestRows(end),
        ...speedRows(end),
        ['time', formatDuration(context.seconds)],
        ['weights sha256', end.weightsSha256],
      ]),
    );
  }
  if (end.event === 'done' && end.stoppedEarly) parts.push(stoppedText(end.stoppedEarly, end));
  if (context.profile !== undefined) {
    const { profileTable } = await import('./profileTable.ts');
    parts.push(profileTable(context.profile));
  }
  parts.push(`Written:\n${renderTable(writtenRows(end, context))}`);
  if (end.event === 'interrupted') parts.push(interruptedText(end.step, end.out));
  return `\n${parts.join('\n')}`;
}

/** Of a run of a few steps there is none. */
function speedRows({ examplesPerSec, workers }: DoneEvent): string[][] {
  if (examplesPerSec === undefined) return [];
  return [['speed', `${formatCount(examplesPerSec)} examples/s, ${plural(workers, 'worker')}`]];
}

/** Where the last epoch was not the best. */
function bestRows({ best, epochs, part }: DoneEvent): string[][] {
  if (!best || best.epoch === epochs) return [];
  return [
    [
      `best ${part ?? 'test'} loss`,
      `${formatLoss(best.testLoss)}, after epoch ${formatEpoch(best.epoch)}`,
    ],
  ];
}

function stoppedText(
  { patience, minDelta }: NonNullable<DoneEvent['stoppedEarly']>,
  { best, part }: DoneEvent,
): string {
  const by = minDelta > 0 ? ` by more than ${minDelta}` : '';
  const kept = best ? `; ${shownPath(best.checkpoint)} holds the best` : '';
  return `Stopped early: ${plural(patience, 'epoch')} without a ${part ?? 'test'} loss lower${by}${kept}.\n`;
}

/** One line, for those who asked for no more. */
export function quietEndText(end: RunEnd): string {
  if (end.event === 'interrupted') return interruptedText(end.step, end.out);
  return (
    `done: ${plural(end.steps, 'step')}${end.stoppedEarly ? ' (stopped early)' : ''}, ${end.part ?? 'test'} loss ${formatLoss(end.testLoss)}, ` +
    `weights sha256 ${end.weightsSha256}, run ${shownPath(end.out)}\n`
  );
}

function interruptedText(step: number, out: string): string {
  return `Interrupted after step ${formatCount(step)}. To go on: lockstep train --resume ${shellWord(shownPath(out))}\n`;
}

function writtenRows(end: RunEnd, { artifacts }: EndContext): string[][] {
  return [
    ['run', shownPath(end.out)],
    ['configuration', shownPath(join(end.out, 'config.json'))],
    ['metrics', shownPath(join(end.out, 'metrics.jsonl'))],
    ...[...artifacts].map(([kind, path]) => [ARTIFACTS[kind], shownPath(path)]),
  ];
}

const ARTIFACTS: Readonly<Record<ArtifactEvent['kind'], string>> = {
  checkpoint: 'last checkpoint',
  best: 'best checkpoint',
  samples: 'samples',
  reconstructions: 'reconstructions',
};

/** So that the line can be pasted into a shell. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
