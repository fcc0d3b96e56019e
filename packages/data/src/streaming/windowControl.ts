/**
 * How workers, who need windows, and the loader, who reads them, understand each other: a few integers
 * in the dataset's shared memory.
 *
 * Windows are numbered on through the epochs; window n has its place n modulo 3. A step needs no more
 * than two, neighbours, so whoever asks for n shows that n - 2 is needed no more: n + 1 may be read into
 * its place. A worker that asks again, after another's death, finds what it needs still there.
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
const LATEST = 2 * WINDOWS_IN_MEMORY;
const BELL = LATEST + 1;
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
   */
  acquire(window: number, fail: (details: DataErrorDetails) => Error): number {
    const place = window % WINDOWS_IN_MEMORY;
    const integers = this.#integers;
    if (Atomics.load(integers, WANTED + place) !== window + 1) {
      Atomics.store(integers, WANTED + place, window + 1);
      Atomics.store(integers, LATEST, window + 1);
      this.#ring();
    }
    for (;;) {
      if (Atomics.load(integers, FAILED) === 1) throw fail(this.#readError());
      const present = Atomics.load(integers, PRESENT + place);
      if (present === window + 1) return place;
      Atomics.wait(integers, PRESENT + place, present);
    }
  }

  /** The window to read next, if there is one: what is waited for, else what comes after the latest. */
  next(follows: (window: number) => boolean): number | undefined {
    const integers = this.#integers;
    for (let place = 0; place < WINDOWS_IN_MEMORY; place++) {
      const wanted = Atomics.load(integers, WANTED + place);
      if (wanted !== 0 && Atomics.load(integers, PRESENT + place) !== wanted) return wanted - 1;
    }
    const latest = Atomics.load(integers, LATEST);
    // `latest` is a number + 1, so the number of the window after it.
    if (latest === 0 || !follows(latest)) return undefined;
    const isPresent = Atomics.load(integers, PRESENT + (latest % WINDOWS_IN_MEMORY)) === latest + 1;
    return isPresent ? undefined : latest;
  }

  beginLoad(window: number): void {
    Atomics.store(this.#integers, PRESENT + (window % WINDOWS_IN_MEMORY), 0);
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
