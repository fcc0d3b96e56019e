/** One line of progress, made to fit the terminal: what matters least is left out first. */
import { bar } from './bar.ts';
import { formatCount, formatDuration, formatMetrics } from './format.ts';

export interface Progress {
  readonly step: number;
  readonly totalSteps: number;
  /** The epoch under way, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Where it is known. */
  readonly examplesPerSec?: number | undefined;
  /** Not known before the first finished step. */
  readonly remainingSec: number | undefined;
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;
const GAP = '  ';

/** At most `width` characters. */
export function progressLine(progress: Progress, width: number): string {
  const { step, totalSteps } = progress;
  for (const text of variants(progress)) {
    const room = width - text.length - GAP.length - '[]'.length;
    if (room >= NARROWEST_BAR) {
      return `${bar(step / totalSteps, Math.min(room, WIDEST_BAR))}${GAP}${text}`;
    }
  }
  // Too narrow for a bar.
  const [last = ''] = variants(progress).slice(-1);
  return last.length <= width ? last : stepOf(progress).slice(0, width);
}

/** Of streamed data, before training: a share of it is written to a temporary file. */
export function spoolLine(share: number, width: number): string {
  const text = `${Math.floor(100 * share)}% of the data read`;
  const room = width - text.length - GAP.length - '[]'.length;
  if (room < NARROWEST_BAR) return text.slice(0, width);
  return `${bar(share, Math.min(room, WIDEST_BAR))}${GAP}${text}`;
}

/** From the fullest to the barest. */
function variants(progress: Progress): readonly string[] {
  const { loss, metrics, examplesPerSec, remainingSec } = progress;
  const epoch = `epoch ${progress.epoch}/${progress.epochs}`;
  const step = stepOf(progress);
  const eta = `ETA ${remainingSec === undefined ? '-:--' : formatDuration(remainingSec)}`;
  const speed = examplesPerSec === undefined ? [] : [`${formatCount(examplesPerSec)} examples/s`];
  const all = formatMetrics(loss, metrics);
  const lossOnly = formatMetrics(loss, {});
  return [
    [epoch, step, eta, ...speed, all],
    [step, eta, ...speed, all],
    [epoch, step, eta, ...speed, lossOnly],
    [step, eta, lossOnly],
    [step, lossOnly],
  ].map((parts) => parts.join(GAP));
}

function stepOf({ step, totalSteps }: Progress): string {
  return `step ${formatCount(step)}/${formatCount(totalSteps)}`;
}
