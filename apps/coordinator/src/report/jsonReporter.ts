/** Training told to programs: one line for each event; the run's end is the last. */
import type { RunEvent } from '@lockstep/protocol';
import { writeJson } from './writeJson.ts';
import type { Output } from '../output.ts';
import type { RunEnd, TrainReporter } from './trainReporter.ts';

export class JsonReporter implements TrainReporter {
  readonly #stdout: Output;
  /** Nothing but the last line. */
  readonly #quiet: boolean;

  constructor(stdout: Output, quiet: boolean) {
    this.#stdout = stdout;
    this.#quiet = quiet;
  }

  onEvent(event: RunEvent): void {
    if (!this.#quiet && !isEnd(event)) writeJson(this.#stdout, event);
  }

  finish(end: RunEnd): void {
    writeJson(this.#stdout, end);
  }

  close(): void {
    // Lines are whole at any time.
  }
}

function isEnd({ event }: RunEvent): boolean {
  return event === 'done' || event === 'interrupted' || event === 'error';
}
