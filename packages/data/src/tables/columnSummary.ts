/** What one pass over a column finds out, in memory that does not grow with the rows. */
import { symmetricLog } from './log1p.ts';

/** Values that are counted one by one, up to so many different ones. */
const maxDistinct = 32;
/** Of so many rows, the first, the skewness is taken: a sum over more would say no more. */
const skewedRows = 65536;

export class NumberSummary {
  missing = 0;
  count = 0;
  min = Infinity;
  max = -Infinity;
  isWhole = true;
  /** Each value is one more than that of the row before. */
  #isSequence = true;
  /** Each value is greater than that of the row before. */
  #isRising = true;
  /** How often each value came; undefined where there are more than `maxDistinct`. */
  distinct: Map<number, number> | undefined = new Map();
  #last = NaN;
  readonly #plain = new Moments();
  readonly #log = new Moments();

  take(values: Float64Array, rows: number): void {
    let last = NaN;
    let lastCount = 0;
    for (let r = 0; r < rows; r++) {
      const value = values[r] as number;
      if (value !== value) {
        this.missing++;
        continue;
      }
      this.count++;
      if (this.count <= skewedRows) {
        this.#plain.add(value);
        this.#log.add(symmetricLog(value));
      }
      if (value === last) {
        this.#isSequence = false;
        this.#isRising = false;
        lastCount++;
        continue;
      }
      this.#note(last, lastCount);
      const before = lastCount > 0 ? last : this.#last;
      if (value !== before + 1 && before === before) this.#isSequence = false;
      if (value <= before) this.#isRising = false;
      last = value;
      lastCount = 1;
    }
    this.#note(last, lastCount);
    this.#last = last;
  }

  /** Whether the values number the rows. */
  get isSequence(): boolean {
    return this.#isSequence && this.#numbersRows;
  }

  /** Whether the values may number the rows of a longer file, of which these are some, or are times. */
  get isRising(): boolean {
    return this.#isRising && this.#numbersRows;
  }

  get #numbersRows(): boolean {
    return this.isWhole && this.missing === 0 && this.count > 10;
  }

  /** What the column looks like as it is, and on a logarithmic scale: 0 is symmetric. */
  get skewness(): { readonly plain: number; readonly log: number } {
    return { plain: this.#plain.skewness, log: this.#log.skewness };
  }

  #note(value: number, times: number): void {
    if (times === 0) return;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (this.isWhole && value !== Math.floor(value)) this.isWhole = false;
    if (!this.distinct) return;
    this.distinct.set(value, (this.distinct.get(value) ?? 0) + times);
    if (this.distinct.size > maxDistinct) this.distinct = undefined;
  }
}

/** Sums of powers of the distance to the first value. */
class Moments {
  #count = 0;
  #shift = 0;
  #sum1 = 0;
  #sum2 = 0;
  #sum3 = 0;

  add(value: number): void {
    if (this.#count === 0) this.#shift = value;
    this.#count++;
    const d = value - this.#shift;
    this.#sum1 += d;
    this.#sum2 += d * d;
    this.#sum3 += d * d * d;
  }

  get skewness(): number {
    const mean = this.#sum1 / this.#count;
    const square = this.#sum2 / this.#count;
    const variance = square - mean * mean;
    if (!(variance > 0)) return 0;
    const third = this.#sum3 / this.#count - 3 * mean * square + 2 * mean * mean * mean;
    return third / (variance * Math.sqrt(variance));
  }
}

/** How often each code of a dictionary came. */
export class TextSummary {
  missing = 0;
  count = 0;
  readonly counts: number[] = [];

  take(codes: Float64Array, rows: number): void {
    for (let r = 0; r < rows; r++) {
      const code = codes[r] as number;
      if (code !== code) this.missing++;
      else {
        this.count++;
        // Texts past the dictionary's limit have no number.
        if (code >= 0) this.counts[code] = (this.counts[code] ?? 0) + 1;
      }
    }
  }
}
