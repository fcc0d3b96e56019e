/**
 * metrics.jsonl: every event of the run, one JSON object a line, in the order they happened. Each
 * line is handed to the operating system at once, so a killed run loses none.
 */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { RunEvent } from '@lockstep/protocol';
import { writeFailed } from './writeFailed.ts';

export interface MetricsLog {
  append(event: RunEvent): void;
  close(): void;
}

/** Appends to the file at `path`; `resumedStep` first removes what a resumed run will do again. */
export function openMetricsLog(path: string, resumedStep?: number): MetricsLog {
  const writing = <T>(write: () => T): T => {
    try {
      return write();
    } catch (error) {
      throw writeFailed(path, error);
    }
  };
  const file = writing(() => {
    const opened = openSync(path, 'a');
    if (resumedStep !== undefined) truncateSync(path, lengthUpTo(path, resumedStep));
    return opened;
  });
  return {
    append: (event) => writing(() => void writeSync(file, `${JSON.stringify(event)}\n`)),
    close: () =>
      writing(() => {
        fsyncSync(file);
        closeSync(file);
      }),
  };
}

/** Bytes up to the first event past `step`, or up to a line that was never finished. */
function lengthUpTo(path: string, step: number): number {
  const content = readFileSync(path);
  let length = 0;
  for (;;) {
    const end = content.indexOf('\n', length);
    if (end < 0 || stepOf(content.toString('utf8', length, end)) > step) return length;
    length = end + 1;
  }
}

/** Steps finished when the event was written; 0 where it does not say. */
function stepOf(line: string): number {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return 0;
  }
  if (typeof event !== 'object' || event === null) return 0;
  if ('step' in event && typeof event.step === 'number') return event.step;
  if ('steps' in event && typeof event.steps === 'number') return event.steps;
  return 0;
}
