/**
 * Says how far `lockstep evaluate` is, on stderr: a line drawn over and over on a terminal, elsewhere one
 * every ten seconds. With --json nothing. What will take long is said before it starts.
 */
import type { EvaluationEvent, EvaluationProgress, SlowComparison } from '@lockstep/trainer';
import type { Output } from '../output.ts';
import { bar } from './bar.ts';
import { formatCount, formatDuration } from './format.ts';
import { StatusLine } from './statusLine.ts';

export interface EvaluationReporterOptions {
  readonly json: boolean;
  readonly stderr: Output;
  /** Milliseconds. */
  now(): number;
}

export interface EvaluationReporter {
  onEvent(event: EvaluationEvent): void;
  /** Leaves no half-drawn line. */
  close(): void;
}

const LINE_EVERY_MS = 10_000;

export function createEvaluationReporter({
  json,
  stderr,
  now,
}: EvaluationReporterOptions): EvaluationReporter {
  if (json) return { onEvent: () => undefined, close: () => undefined };
  const status = new StatusLine(stderr, now);
  let printedAtMs = now();
  let begun = { what: '', atMs: now() };

  const onProgress = (progress: EvaluationProgress): void => {
    const what = `${progress.part} ${progress.work}`;
    if (what !== begun.what) {
      begun = { what, atMs: now() };
      // What computes in this thread can draw no more: its name has to stand there before.
      status.clear();
    }
    const elapsedSec = (now() - begun.atMs) / 1000;
    if (stderr.isTTY === true) {
      status.draw((width) => evaluationLine(progress, elapsedSec, width));
    } else if (now() - printedAtMs >= LINE_EVERY_MS) {
      printedAtMs = now();
      stderr.write(`${evaluationText(progress, elapsedSec)}\n`);
    }
  };

  return {
    onEvent(event) {
      if (event.event === 'progress') return onProgress(event);
      status.clear();
      stderr.write(`${slowText(event)}\n`);
    },
    close: () => status.clear(),
  };
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** At most `width` characters. */
export function evaluationLine(
  progress: EvaluationProgress,
  elapsedSec: number,
  width: number,
): string {
  const text = evaluationText(progress, elapsedSec);
  const room = width - text.length - '[]  '.length;
  if (room < NARROWEST_BAR || progress.total === 0) return text.slice(0, width);
  return `${bar(progress.done / progress.total, Math.min(room, WIDEST_BAR))}  ${text}`;
}

/** `iw-nll (2 of 16)  logWeight 340/1,000  ETA 0:12` */
function evaluationText(
  { metric = 'loss', part, parts, work, done, total }: EvaluationProgress,
  elapsedSec: number,
): string {
  const name = parts === 1 ? metric : `${metric} (${part} of ${parts})`;
  if (total === 0) return `${work === '' ? name : `${name}  ${work}`} ...`;
  const amount = `${formatCount(done)}/${formatCount(total)}`;
  // Before that, it is a guess.
  const remainingSec = elapsedSec >= 1 && done > 0 ? (elapsedSec * (total - done)) / done : NaN;
  const eta = `ETA ${Number.isNaN(remainingSec) ? '-:--' : formatDuration(remainingSec)}`;
  return `${name}  ${work === '' ? amount : `${work} ${amount}`}  ${eta}`;
}

export function slowText({ metric, queries, points, dim }: SlowComparison): string {
  const numbers = (queries * points * dim).toExponential(0).replace('e+', 'e');
  return (
    `${metric} compares ${formatCount(queries)} with ${formatCount(points)} examples in ` +
    `${formatCount(dim)} dimensions each, up to ${numbers} numbers: this may take minutes. ` +
    'Without it in --metrics, the others are there sooner.'
  );
}
