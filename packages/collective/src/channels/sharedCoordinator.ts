/**
 * Channel `shared`, the coordinator's end: one memory for all threads. The workers drive the ledger
 * themselves; the coordinator only says how far they may go, and reads what they did.
 */
import { ROUND_RECORDS } from '../arenaLayout.ts';
import type { Arena } from '../arena.ts';
import { Ledger } from '../ledger.ts';
import type {
  CoordinatorChannel,
  RoundRange,
  RunHooks,
  RunOutcome,
  WorkerFailure,
} from './channel.ts';

/** How often finished rounds are collected while the workers run. */
const POLL_MS = 20;

export class SharedCoordinator implements CoordinatorChannel {
  readonly arena: Arena;
  readonly #ledger: Ledger;
  readonly #failure: WorkerFailure;

  constructor(arena: Arena, failure: WorkerFailure) {
    this.arena = arena;
    this.#ledger = new Ledger(arena);
    this.#failure = failure;
  }

  get step(): number {
    return this.#ledger.step;
  }

  set step(value: number) {
    this.#ledger.step = value;
  }

  async run({ kind, from, until }: RoundRange, hooks: RunHooks): Promise<RunOutcome> {
    const ledger = this.#ledger;
    let next = from;
    while (next < until && !hooks.signal?.aborted) {
      // Never further ahead than the records reach back.
      ledger.allowUntil(Math.min(until, next + ROUND_RECORDS));
      if (ledger.stage().kind === 'idle') ledger.start(kind, next);
      await Promise.race([ledger.idleOrTimeout(POLL_MS), this.#failure]);
      next = this.#collect(next, hooks);
      if (ledger.broken) return { next, broken: ledger.record(next) };
    }
    ledger.allowUntil(0);
    while (ledger.stage().kind !== 'idle') {
      await Promise.race([ledger.idleOrTimeout(POLL_MS), this.#failure]);
    }
    return { next: this.#collect(next, hooks) };
  }

  stop(): void {
    this.#ledger.stop();
  }

  /** ROUND moves only after a round's record is whole, so everything below it may be read. */
  #collect(from: number, { onRound }: RunHooks): number {
    const finished = this.#ledger.round;
    for (let round = from; round < finished; round++) onRound(this.#ledger.record(round));
    return finished;
  }
}
