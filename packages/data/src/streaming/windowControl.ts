/**
 * How workers, who need windows, and the loader, who reads them, understand each other: a few integers
 * in the dataset's shared memory.
 *
 * Window n has its place n modulo 3; shuffled windows are numbered on through the epochs. A step needs no
 * more than two, neighbours, so whoever asks for n shows that n - 2 is needed no more, and asks for n + 1
 * in its place. Workers alone say what a place is to hold, those of a step never different things; the
 * loader makes it so, and has nothing to do where it is. A worker that asks again, after another's death,
 * finds what it needs still there.
 *
 * Why nothing is overwritten while it is used. A worker says what it wants, then looks what is present;
 * the loader takes away what is present, then looks what is wanted. So, whatever the interleaving, one of
 * them sees the other: the worker waits, or the loader gives back what it has not touched yet.
 */
import type { DataErrorDetails } from '../errors.ts';
import { WINDOWS_IN_MEMORY } from './windowPlan.ts';

/** Bytes: integers, then the text of an error. */
const INTEGERS = 16;
const TEXT_BYTES = 4096;
export const CONTROL_BYTES = 4 * INTEGERS + TEXT_BYTES;

/** Indices of the integers; windows are held as their number + 1. */
const WANTED = 0;
const PRESENT = WINDOWS_IN_MEMORY;
const BELL = 2 * WINDOWS_IN_MEMORY;
const CLOSED = BELL + 1;
const FAILED = CLOSED + 1;

export class WindowControl {
  readonly #integers: Int32Array;
  readonly #text: Uint8Array;

  constructor(memory: WebAssembly.Memory, offset: number) {
    this.#integers = new Int32Array(memory.buffer, offset, INTEGERS);
    this.#text = new Uint8Array(memory.buffer, offset + 4 * INTEGERS, TEXT_BYTES);
  }

  /**
   * Waits until a window is there; its place is the result. Blocks the thread, so not for the one that
   * loads. Throws what stopped the loader, as an error's details.
   * @param follows whether the window behind it will be needed, too: it is read meanwhile
   */
  acquire(window: number, follows: boolean, fail: (details: DataErrorDetails) => Error): number {
    const place = window % WINDOWS_IN_MEMORY;
    const integers = this.#integers;
    const isNew = this.#want(window);
    const nextIsNew = follows && this.#want(window + 1);
    if (isNew || nextIsNew) this.#ring();
    for (;;) {
      if (Atomics.load(integers, FAILED) === 1) throw fail(this.#readError());
      const present = Atomics.load(integers, PRESENT + place);
      if (present === window + 1) return place;
      Atomics.wait(integers, PRESENT + place, present);
    }
  }

  /** Waits as `acquire` does, without blocking, and asks for no more. */
  async present(window: number, fail: (details: DataErrorDetails) => Error): Promise<void> {
    const at = PRESENT + (window % WINDOWS_IN_MEMORY);
    const integers = this.#integers;
    if (this.#want(window)) this.#ring();
    for (;;) {
      if (Atomics.load(integers, FAILED) === 1) throw fail(this.#readError());
      const present = Atomics.load(integers, at);
      if (present === window + 1) return;
      await Atomics.waitAsync(integers, at, present).value;
    }
  }

  #want(window: number): boolean {
    const at = WANTED + (window % WINDOWS_IN_MEMORY);
    if (Atomics.load(this.#integers, at) === window + 1) return false;
    Atomics.store(this.#integers, at, window + 1);
    return true;
  }

  /**
   * The window to read next, if there is one: of those that are wanted the first, as the one behind it
   * is not needed yet. Nobody finds anything in its place until `endLoad`.
   */
  beginLoad(): number | undefined {
    const integers = this.#integers;
    let first: number | undefined;
    for (let place = 0; place < WINDOWS_IN_MEMORY; place++) {
      const present = Atomics.load(integers, PRESENT + place);
      if (Atomics.load(integers, WANTED + place) === present) continue;
      Atomics.store(integers, PRESENT + place, 0);
      const wanted = Atomics.load(integers, WANTED + place);
      if (wanted === present) this.endLoad(wanted - 1);
      else if (first === undefined || wanted < first) first = wanted;
    }
    return first === undefined ? undefined : first - 1;
  }

  endLoad(window: number): void {
    const at = PRESENT + (window % WINDOWS_IN_MEMORY);
    Atomics.store(this.#integers, at, window + 1);
    Atomics.notify(this.#integers, at);
  }

  fail(details: DataErrorDetails): void {
    const text = new TextEncoder().encode(JSON.stringify(details));
    this.#text.set(text.subarray(0, TEXT_BYTES - 1));
    Atomics.store(this.#integers, FAILED, 1);
    for (let place = 0; place < WINDOWS_IN_MEMORY; place++) {
      // A value that was there before would let a waiter sleep on.
      Atomics.store(this.#integers, PRESENT + place, -1);
      Atomics.notify(this.#integers, PRESENT + place);
    }
  }

  close(): void {
    Atomics.store(this.#integers, CLOSED, 1);
    this.#ring();
  }

  get closed(): boolean {
    return Atomics.load(this.#integers, CLOSED) === 1;
  }

  /** To be read before looking for work, and waited on with after. */
  get bell(): number {
    return Atomics.load(this.#integers, BELL);
  }

  /** Waits, without blocking, for a bell after `heard`. */
  async listen(heard: number): Promise<void> {
    await Atomics.waitAsync(this.#integers, BELL, heard).value;
  }

  #ring(): void {
    Atomics.add(this.#integers, BELL, 1);
    Atomics.notify(this.#integers, BELL);
  }

  #readError(): DataErrorDetails {
    const text = new TextDecoder().decode(this.#text.slice());
    const end = text.indexOf('\0');
    return JSON.parse(end < 0 ? text : text.slice(0, end)) as DataErrorDetails;
  }
}
