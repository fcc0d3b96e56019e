/**
 * log of a mean of exponentials for each example, from draws that come one after another: only the
 * largest exponent and the sum relative to it are kept.
 */
import { portableLog } from '../math/portable.ts';
import { portableExp } from '../math/portableExp.ts';

export class LogMeanExp {
  readonly #largest: Float64Array; // [count]
  /** Sum of exp(value - largest). [count] */
  readonly #sums: Float64Array;
  #added = 0;

  constructor(count: number) {
    this.#largest = new Float64Array(count).fill(-Infinity);
    this.#sums = new Float64Array(count);
  }

  /** Of each example, once all have had as many. */
  get draws(): number {
    return this.#added / this.#sums.length;
  }

  /**
   * One more exponent for each example, or for `values.length` of them from `first` on. The order of an example's draws
   * is part of the last bits. Throws RangeError where there are no such examples.
   */
  add(values: ArrayLike<number>, first = 0): void {
    const end = first + values.length;
    if (first < 0 || end > this.#sums.length) {
      throw new RangeError(`expected rows below ${this.#sums.length}, got ${first} ... ${end - 1}`);
    }
    this.#added += values.length;
    for (let i = first; i < end; i++) {
      const value = values[i - first] ?? NaN;
      const largest = this.#largest[i] ?? NaN;
      const sum = this.#sums[i] ?? NaN;
      if (value === -Infinity) continue;
      if (value > largest) {
        this.#sums[i] = sum * portableExp(largest - value) + 1;
        this.#largest[i] = value;
      } else {
        this.#sums[i] = sum + portableExp(value - largest);
      }
    }
  }

  /** log(1 / draws * sum of exp(value)), of each example. [count] */
  values(): Float64Array {
    const logDraws = portableLog(this.draws);
    return this.#sums.map((sum, i) =>
      sum > 0
        ? (this.#largest[i] ?? NaN) + portableLog(sum) - logDraws
        : sum === 0
          ? -Infinity
          : NaN,
    );
  }
}
