/** Known cells of a table that are hidden from the model, to see how well it fills them. */
import { fillNoise } from '@lockstep/core';
import type { TableColumnInfo } from '@lockstep/data/tables';

/** Over the cells that were known, and hidden. */
export interface HiddenMeasures {
  /** Numbers and dates: root of the mean squared error, in standard deviations of the training data. */
  readonly numbers?: { readonly cells: number; readonly rmse: number; readonly ofMean: number };
  /** Categories: the share that is right. */
  readonly categories?: {
    readonly cells: number;
    readonly accuracy: number;
    readonly ofMostFrequent: number;
  };
}

const STREAM = 63;

/** Rows `first` ... with a share of their known values hidden, which depends on a row's number alone. [count, size] */
export function hideCells(
  { x, first }: { readonly x: Float32Array; readonly first: number },
  { size, share, seed }: { readonly size: number; readonly share: number; readonly seed: number },
): Float32Array {
  const hidden = x.slice();
  const u = new Float32Array(size);
  for (let row = 0; row < x.length / size; row++) {
    const example = first + row;
    const at = { seed, kind: 'sampling', stream: STREAM, epoch: 0, example } as const;
    fillNoise(u, 'uniform', at);
    for (let j = 0; j < size; j++) if ((u[j] ?? 1) < share) hidden[row * size + j] = NaN;
  }
  return hidden;
}

/** What plain guesses are made of: a column's mean, or its most frequent category, of the values that are there. */
export class TypicalValues {
  readonly #columns: readonly TableColumnInfo[];
  readonly #sums: Float64Array;
  /** Of a number how many there are, of categories how many of each. */
  readonly #counts: readonly Float64Array[];

  constructor(columns: readonly TableColumnInfo[]) {
    this.#columns = columns;
    this.#sums = new Float64Array(columns.length);
    this.#counts = columns.map(
      ({ kind, categories = 0 }) => new Float64Array(kind === 'numeric' ? 1 : categories),
    );
  }

  /** Further rows. [count, columns] */
  add(x: Float32Array): void {
    const size = this.#columns.length;
    x.forEach((value, i) => {
      if (Number.isNaN(value)) return;
      const column = i % size;
      const isNumber = this.#columns[column]?.kind === 'numeric';
      if (isNumber) this.#sums[column] = (this.#sums[column] ?? 0) + value;
      const counts = this.#counts[column] ?? [];
      const place = isNumber ? 0 : value;
      counts[place] = (counts[place] ?? 0) + 1;
    });
  }

  /** One for each column; NaN where no number is there. */
  values(): number[] {
    return this.#columns.map(({ kind }, column) => {
      const counts = this.#counts[column] ?? new Float64Array(0);
      if (kind === 'numeric') return (this.#sums[column] ?? NaN) / (counts[0] ?? NaN);
      return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
    });
  }
}

/** Compares what hidden cells were with what they are filled with, cell by cell. */
export class HiddenErrors {
  readonly #columns: readonly TableColumnInfo[];
  readonly #typical: readonly number[];
  readonly #numbers = { cells: 0, own: 0, typical: 0 };
  readonly #categories = { cells: 0, own: 0, typical: 0 };

  /** @param typical of what the model was shown, for each column */
  constructor(columns: readonly TableColumnInfo[], typical: readonly number[]) {
    this.#columns = columns;
    this.#typical = typical;
  }

  add(column: number, wanted: number, own: number): void {
    const plain = this.#typical[column] ?? NaN;
    const isNumber = this.#columns[column]?.kind === 'numeric';
    const to = isNumber ? this.#numbers : this.#categories;
    to.cells += 1;
    to.own += isNumber ? (own - wanted) ** 2 : Number(own === wanted);
    to.typical += isNumber ? (plain - wanted) ** 2 : Number(plain === wanted);
  }

  measures(): HiddenMeasures {
    const [numbers, categories] = [this.#numbers, this.#categories];
    const rootOf = (sum: number): number => Math.sqrt(sum / numbers.cells);
    return {
      ...(numbers.cells > 0 && {
        numbers: {
          cells: numbers.cells,
          rmse: rootOf(numbers.own),
          ofMean: rootOf(numbers.typical),
        },
      }),
      ...(categories.cells > 0 && {
        categories: {
          cells: categories.cells,
          accuracy: categories.own / categories.cells,
          ofMostFrequent: categories.typical / categories.cells,
        },
      }),
    };
  }
}
