/** The last line of a terminal, drawn over and over; other lines go above it. */
import type { Output } from '../output.ts';

const CLEAR = '\r\x1b[2K';
const MIN_INTERVAL_MS = 100;

export class StatusLine {
  readonly #output: Output;
  readonly #now: () => number;
  #drawn = false;
  #drawnAtMs = -Infinity;

  /** `now` in milliseconds. */
  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  /** Draws what `line` returns for the terminal's width, at most ten times a second. */
  draw(line: (width: number) => string): void {
    const now = this.#now();
    if (now - this.#drawnAtMs < MIN_INTERVAL_MS) return;
    this.#drawnAtMs = now;
    this.#drawn = true;
    // A full last column would make some terminals wrap, and leave lines behind.
    this.#output.write(CLEAR + line((this.#output.columns || 80) - 1));
  }

  clear(): void {
    if (this.#drawn) this.#output.write(CLEAR);
    this.#drawn = false;
    this.#drawnAtMs = -Infinity;
  }
}
