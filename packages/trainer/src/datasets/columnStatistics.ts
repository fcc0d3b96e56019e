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

/** What a column is reported in. */
export interface ColumnUnit {
  /** From a stored value. */
  readonly of: (stored: number) => number;
  /** A value as the file writes it: what storing it as float32 added is taken off. */
  readonly written: (value: number) => number;
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
  readonly #units: readonly ColumnUnit[];
  readonly #sums: Sums[];

  /** @param units of each column; default: values as they are stored */
  constructor(names: readonly string[], units: readonly ColumnUnit[] = []) {
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
      const value = this.#units[i % columns]?.of(stored) ?? stored;
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
    return this.#sums.map(({ count, missing, min, max, mean, squares }, i) => {
      const written = this.#units[i]?.written ?? shortest;
      return {
        ...{ name: this.#names[i] ?? '', count, missing },
        ...(count > 0 && {
          ...{ min: written(min), max: written(max) },
          ...{ mean: digits(mean), deviation: digits(Math.sqrt(squares / count)) },
        }),
      };
    });
  }
}

/** Significant digits that float32 carries everywhere. */
const DIGITS = 7;

function digits(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** As few digits as tell a float32 apart from others: 0.1, not 0.10000000149011612. */
function shortest(value: number): number {
  const found = [DIGITS, DIGITS + 1].map((most) => Number(value.toPrecision(most)));
  return found.find((rounded) => Math.fround(rounded) === value) ?? value;
}
