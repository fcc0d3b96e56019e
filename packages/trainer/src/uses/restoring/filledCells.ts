/**
 * What becomes of the draws of a cell: of a number their mean, which has the least squared error; of a category
 * the most frequent, which is the most often right.
 */
import type { TableColumnInfo } from '@lockstep/data/tables';

export interface Cell {
  /** In a group of rows. */
  readonly row: number;
  /** Among the columns that are learned from. */
  readonly column: number;
}

export class CellDraws {
  readonly #columns: readonly TableColumnInfo[];
  readonly #cells: readonly Cell[];
  /** Of a number one sum, of a category a count for each. */
  readonly #totals: Float64Array;
  readonly #offsets: number[] = [];
  #draws = 0;

  constructor(cells: readonly Cell[], columns: readonly TableColumnInfo[]) {
    this.#cells = cells;
    this.#columns = columns;
    let size = 0;
    for (const { column } of cells) {
      this.#offsets.push(size);
      size += columns[column]?.categories ?? 1;
    }
    this.#totals = new Float64Array(size);
  }

  /** A draw of every cell. */
  add(values: ArrayLike<number>): void {
    this.#draws += 1;
    this.#cells.forEach(({ column }, i) => {
      const value = values[i] ?? NaN;
      const at = this.#offsets[i] ?? 0;
      const isNumber = this.#columns[column]?.kind === 'numeric';
      const place = isNumber ? at : at + value;
      this.#totals[place] = (this.#totals[place] ?? 0) + (isNumber ? value : 1);
    });
  }

  /** One for each cell; of categories that were drawn equally often the first. */
  values(): Float32Array {
    return Float32Array.from(this.#cells, ({ column }, i) => {
      const at = this.#offsets[i] ?? 0;
      const { kind, categories = 1 } = this.#columns[column] ?? {};
      if (kind === 'numeric') return (this.#totals[at] ?? NaN) / this.#draws;
      const counts = this.#totals.subarray(at, at + categories);
      return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
    });
  }
}
