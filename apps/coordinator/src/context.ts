/** What commands need of the world; tests bring their own. */
import type { SignalSource } from './interrupts.ts';
import type { Outputs } from './output.ts';
import type { Trainer } from './trainer.ts';

export interface Context extends Outputs {
  /** On demand: it is by far the heaviest import. */
  loadTrainer(): Promise<Trainer>;
  readonly signals: SignalSource;
  /** Aborted when nobody reads stdout any more (`lockstep train | head`). */
  readonly outputClosed: AbortSignal;
  /** Milliseconds. */
  now(): number;
  /** Ends the process at once, as an interrupt that nobody handles does. */
  die(): void;
}
