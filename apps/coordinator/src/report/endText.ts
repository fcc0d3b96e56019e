/** The last words of a run. */
import { join } from 'node:path';
import type { ArtifactEvent, EpochEvent, ProfileEvent } from '@lockstep/protocol';
import { formatCount, formatDuration, formatLoss, plural } from './format.ts';
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
    const metrics = Object.entries(context.lastEpoch?.testMetrics ?? {});
    parts.push(
      renderTable([
        ['steps', `${formatCount(end.steps)} (${epochsText(end.epochs)})`],
        ['examples seen', formatCount(end.examples)],
        ['train loss', formatLoss(end.trainLoss)],
        ['test loss', formatLoss(end.testLoss)],
        ...metrics.map(([name, value]) => [`test ${name}`, formatLoss(value)]),
        ['speed', `${formatCount(end.imagesPerSec)} images/s, ${plural(end.workers, 'worker')}`],
        ['time', formatDuration(context.seconds)],
        ['weights sha256', end.weightsSha256],
      ]),
    );
  }
  if (context.profile !== undefined) {
    const { profileTable } = await import('./profileTable.ts');
    parts.push(profileTable(context.profile));
  }
  parts.push(`Written:\n${renderTable(writtenRows(end, context))}`);
  if (end.event === 'interrupted') parts.push(interruptedText(end.step, end.out));
  return `\n${parts.join('\n')}`;
}

/** One line, for those who asked for no more. */
export function quietEndText(end: RunEnd): string {
  if (end.event === 'interrupted') return interruptedText(end.step, end.out);
  return (
    `done: ${plural(end.steps, 'step')}, test loss ${formatLoss(end.testLoss)}, ` +
    `weights sha256 ${end.weightsSha256}, run ${end.out}\n`
  );
}

function interruptedText(step: number, out: string): string {
  return `Interrupted after step ${formatCount(step)}. To go on: lockstep train --resume ${shellWord(out)}\n`;
}

function writtenRows(end: RunEnd, { artifacts }: EndContext): string[][] {
  return [
    ['run', end.out],
    ['configuration', join(end.out, 'config.json')],
    ['metrics', join(end.out, 'metrics.jsonl')],
    ...[...artifacts].map(([kind, path]) => [ARTIFACTS[kind], path]),
  ];
}

const ARTIFACTS: Readonly<Record<ArtifactEvent['kind'], string>> = {
  checkpoint: 'last checkpoint',
  best: 'best checkpoint',
  samples: 'samples',
  reconstructions: 'reconstructions',
};

function epochsText(epochs: number): string {
  return Number.isInteger(epochs) ? plural(epochs, 'epoch') : `${epochs.toFixed(2)} epochs`;
}

/** So that the line can be pasted into a shell. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
