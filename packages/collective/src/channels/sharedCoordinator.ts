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
    ledger.allowUntil(limitOf(next, until));
    ledger.start(kind, next);
    for (;;) {
      await Promise.race([ledger.idleOrTimeout(POLL_MS), this.#failure]);
      // Idle is looked up before the rounds are: rounds that end in between are then still running
      // as far as this turn knows, and none is ever started twice.
      const idle = ledger.isIdle;
      next = this.#collect(next, hooks);
      if (idle && ledger.broken) return { next, broken: ledger.record(next) };
      const ends = next >= until || hooks.signal?.aborted === true;
      if (idle && ends) return { next };
      ledger.allowUntil(ends ? 0 : limitOf(next, until));
      if (idle) ledger.start(kind, next);
    }
  }

  stop(): void {
    if (this.#ledger.isIdle) this.#ledger.stop();
  }

  /** ROUND moves only after a round's record is whole, so everything below it may be read. */
  #collect(from: number, hooks: RunHooks): number {
    const finished = this.#ledger.round;
    for (let round = from; round < finished; round++) hooks.onRound(this.#ledger.record(round));
    return finished;
  }
}

/** Never further ahead than the records reach back. */
function limitOf(next: number, until: number): number {
  return Math.min(until, next + ROUND_RECORDS);
}
