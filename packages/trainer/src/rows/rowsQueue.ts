/**
 * Who computes which rows: workers take tasks one after another, each as fast as it can, from a counter that
 * they share; nobody hands them out, and nobody waits for the slowest but where memory ends. Four numbers:
 *
 *   | next task | blocks open, -1 = stopped | tasks done of even blocks | of odd blocks |
 *
 * A task may begin when its block is open. At most two blocks are open and not done, so two counts do.
 *
 * All accesses are Atomics', which are sequentially consistent: whoever sees a block's tasks all done sees
 * the rows that were written before, and whoever sees a block open, that its place may be written.
 */
import { blockCount, taskOf, type RowsPlan, type RowsTask } from './rowsPlan.ts';

const NEXT = 0;
const OPEN = 1;
const DONE = 2;
const STOPPED = -1;
/** So often the thread that hands rows on is told of tasks done, beside at the end of a block. */
const TELL = 16;

export const createRowsQueue = (): SharedArrayBuffer => new SharedArrayBuffer(4 * (DONE + 2));

/** A worker's end. */
export class RowsWorker {
  readonly #integers: Int32Array;
  readonly #plan: RowsPlan;
  readonly #blocks: number;

  constructor(queue: SharedArrayBuffer, plan: RowsPlan) {
    this.#integers = new Int32Array(queue);
    this.#plan = plan;
    this.#blocks = blockCount(plan);
  }

  /** Blocks the thread until its task may begin. Undefined: there is nothing more to do. */
  claim(): (RowsTask & { readonly block: number }) | undefined {
    const integers = this.#integers;
    const { tasks } = this.#plan;
    const number = Atomics.add(integers, NEXT, 1);
    const block = Math.floor(number / tasks);
    if (block >= this.#blocks) return undefined;
    for (;;) {
      const open = Atomics.load(integers, OPEN);
      if (open === STOPPED) return undefined;
      if (block < open) return { ...taskOf(this.#plan, block, number % tasks), block };
      Atomics.wait(integers, OPEN, open);
    }
  }

  complete({ block }: { readonly block: number }): void {
    const at = DONE + (block % 2);
    const done = Atomics.add(this.#integers, at, 1) + 1;
    if (done === this.#plan.tasks || done % TELL === 0) Atomics.notify(this.#integers, at);
  }
}

/** The end of the thread that hands rows on. */
export class RowsOverseer {
  readonly #integers: Int32Array;
  readonly #plan: RowsPlan;

  constructor(queue: SharedArrayBuffer, plan: RowsPlan) {
    this.#integers = new Int32Array(queue);
    this.#plan = plan;
  }

  /** Lets workers begin with blocks 0 ... until - 1. */
  open(until: number): void {
    Atomics.store(this.#integers, OPEN, until);
    Atomics.notify(this.#integers, OPEN);
  }

  /**
   * Waits until a block is done; the blocks before it must be, and the one after the next is not open.
   * @param failure rejects where it never will be
   */
  async done(
    block: number,
    failure: Promise<never>,
    onTasks: (done: number) => void,
  ): Promise<void> {
    const at = DONE + (block % 2);
    for (;;) {
      const done = Atomics.load(this.#integers, at);
      onTasks(done);
      if (done === this.#plan.tasks) break;
      const waiting = Atomics.waitAsync(this.#integers, at, done);
      if (waiting.async) await Promise.race([waiting.value, failure]);
    }
    Atomics.store(this.#integers, at, 0);
  }

  /** Workers that wait, and those that have finished a task, find nothing more to do. */
  stop(): void {
    this.open(STOPPED);
  }
}
