/** One line of progress, made to fit the terminal: what matters least is left out first. */
import { formatCount, formatDuration, formatMetrics } from './format.ts';

export interface Progress {
  readonly step: number;
  readonly totalSteps: number;
  /** The epoch under way, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly imagesPerSec: number;
  /** Not known before the first finished step. */
  readonly remainingSec: number | undefined;
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;

/** At most `width` characters. */
export function progressLine(progress: Progress, width: number): string {
  const fixed = variants(progress).find((parts) => parts.join('  ').length <= width);
  if (fixed === undefined) return stepOf(progress).slice(0, width);
  const text = fixed.join('  ');
  const room = width - text.length - '[]  '.length;
  if (room < NARROWEST_BAR) return text;
  return `${bar(progress.step / progress.totalSteps, Math.min(room, WIDEST_BAR))}  ${text}`;
}

/** From the fullest to the barest. */
function variants(progress: Progress): readonly string[][] {
  const { loss, metrics, imagesPerSec, remainingSec } = progress;
  const step = stepOf(progress);
  const epoch = `epoch ${progress.epoch}/${progress.epochs}`;
  const eta = `ETA ${remainingSec === undefined ? '-:--' : formatDuration(remainingSec)}`;
  const speed = `${formatCount(imagesPerSec)} images/s`;
  const lossOnly = formatMetrics(loss, {});
  return [
    [epoch, step, eta, speed, formatMetrics(loss, metrics)],
    [epoch, step, eta, speed, lossOnly],
    [epoch, step, eta, lossOnly],
    [step, eta, lossOnly],
    [step, lossOnly],
  ];
}

function stepOf({ step, totalSteps }: Progress): string {
  return `step ${formatCount(step)}/${formatCount(totalSteps)}`;
}

function bar(fraction: number, cells: number): string {
  const full = Math.max(0, Math.min(cells, Math.floor(fraction * cells)));
  return `[${'='.repeat(full)}${' '.repeat(cells - full)}]`;
}
