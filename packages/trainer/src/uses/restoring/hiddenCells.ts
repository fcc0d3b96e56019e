/** Known cells of a table that are hidden from the model, to see how well it fills them. */
import { fillNoise } from '@lockstep/core';
import type { TableColumnInfo } from '@lockstep/data/tables';
import type { Cell } from './filledCells.ts';

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

/** The rows with a share of their known values hidden, which depends on the row's number alone. [count, size] */
export function hideCells(
  x: Float32Array,
  size: number,
  share: number,
  seed: number,
): Float32Array {
  const hidden = x.slice();
  const u = new Float32Array(size);
  for (let example = 0; example < x.length / size; example++) {
    const at = { seed, kind: 'sampling', stream: STREAM, epoch: 0, example } as const;
    fillNoise(u, 'uniform', at);
    for (let j = 0; j < size; j++) if ((u[j] ?? 1) < share) hidden[example * size + j] = NaN;
  }
  return hidden;
}

export interface FilledCells {
  readonly columns: readonly TableColumnInfo[];
  /** What the model was shown. [count, columns] */
  readonly shown: Float32Array;
  /** Those that were hidden, what they were, and what they were filled with. */
  readonly cells: readonly Cell[];
  readonly truth: Float32Array;
  readonly filled: Float32Array;
}

/** Beside each measure that of the column's mean or most frequent category, of what was shown. */
export function measureHidden({
  columns,
  shown,
  cells,
  truth,
  filled,
}: FilledCells): HiddenMeasures {
  const typical = columns.map((column, j) => typicalOf(column, columnOf(shown, j, columns.length)));
  const numbers = { cells: 0, own: 0, typical: 0 };
  const categories = { cells: 0, own: 0, typical: 0 };
  cells.forEach(({ column }, i) => {
    const [wanted = NaN, own = NaN, plain = NaN] = [truth[i], filled[i], typical[column]];
    const isNumber = columns[column]?.kind === 'numeric';
    const to = isNumber ? numbers : categories;
    to.cells += 1;
    to.own += isNumber ? (own - wanted) ** 2 : Number(own === wanted);
    to.typical += isNumber ? (plain - wanted) ** 2 : Number(plain === wanted);
  });
  const rootOf = (sum: number): number => Math.sqrt(sum / numbers.cells);
  return {
    ...(numbers.cells > 0 && {
      numbers: { cells: numbers.cells, rmse: rootOf(numbers.own), ofMean: rootOf(numbers.typical) },
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

/** Values of a column that are there. */
function columnOf(x: Float32Array, column: number, size: number): Float32Array {
  return x.filter((value, i) => i % size === column && !Number.isNaN(value));
}

function typicalOf({ kind, categories = 0 }: TableColumnInfo, values: Float32Array): number {
  if (kind === 'numeric') return values.reduce((sum, value) => sum + value, 0) / values.length;
  const counts = new Float64Array(categories);
  for (const code of values) counts[code] = (counts[code] ?? 0) + 1;
  return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
}
