/** Who tells the user how training goes. */
import type { DoneEvent, InterruptedEvent, RunEvent } from '@lockstep/protocol';

export type RunEnd = DoneEvent | InterruptedEvent;

export interface TrainReporter {
  /** Examples written to a temporary file, before the first event. */
  onSpool?(done: number, count: number): void;
  /** The run's end is not reported here: it comes to `finish`. */
  onEvent(event: RunEvent): void;
  finish(end: RunEnd): void | Promise<void>;
  /** Leaves the terminal clean, whatever happened. */
  close(): void;
}
