/** Statistics of the values of examples, column by column, in one pass. */
export interface ColumnStatistics {
  readonly name: string;
  /** Values that are there, and such as are missing (NaN). */
  readonly count: number;
  readonly missing: number;
  /** Absent where there is no value. */
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  /** Standard deviation, of the values as a population. */
  readonly deviation?: number;
}

interface Sums {
  count: number;
  missing: number;
  min: number;
  max: number;
  mean: number;
  /** Sum of squared differences from the mean (Welford 1962). */
  squares: number;
}

export class StatisticsOfColumns {
  readonly #names: readonly string[];
  readonly #units: readonly ((value: number) => number)[];
  readonly #sums: Sums[];

  /** @param units of each column, what makes a stored value one in the unit to report; default: as it is */
  constructor(names: readonly string[], units: readonly ((value: number) => number)[] = []) {
    this.#names = names;
    this.#units = units;
    this.#sums = names.map(() => ({
      count: 0,
      missing: 0,
      min: Infinity,
      max: -Infinity,
      mean: 0,
      squares: 0,
    }));
  }

  /** Values column after column, and again; a whole number of rows. */
  add(values: Float32Array): void {
    const columns = this.#sums.length;
    for (let i = 0; i < values.length; i++) {
      const sums = this.#sums[i % columns];
      const stored = values[i] ?? NaN;
      const value = this.#units[i % columns]?.(stored) ?? stored;
      if (!sums) continue;
      if (Number.isNaN(value)) {
        sums.missing++;
        continue;
      }
      sums.count++;
      if (value < sums.min) sums.min = value;
      if (value > sums.max) sums.max = value;
      const difference = value - sums.mean;
      sums.mean += difference / sums.count;
      sums.squares += difference * (value - sums.mean);
    }
  }

  result(): ColumnStatistics[] {
    return this.#sums.map(({ count, missing, min, max, mean, squares }, i) => ({
      name: this.#names[i] ?? '',
      count,
      missing,
      ...(count > 0 && { min, max, mean, deviation: Math.sqrt(squares / count) }),
    }));
  }
}
