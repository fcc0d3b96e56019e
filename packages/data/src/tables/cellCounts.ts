/** What stood in the cells that became examples: where nothing did, or what training did not see. */
import type { TableColumn } from './tableFormat.ts';

export interface UnseenCell {
  /** As an editor shows it. */
  readonly row: number;
  readonly value: string;
}

/** Of a learned column. */
export interface ColumnCells {
  readonly column: string;
  /** Whether the file has the column. */
  readonly isThere: boolean;
  readonly rows: number;
  /** Cells that count as missing, and those of them whose value training did not see. */
  readonly missing: number;
  readonly unseen: number;
  /** The first of them. */
  readonly firstUnseen: readonly UnseenCell[];
  /** Share of rows without a value in the file that was trained on; undefined where that is not known. */
  readonly trainedMissing: number | undefined;
}

/** Unseen cells of a column that are named. */
const MOST_NAMED = 3;

/** Counts one column while it is encoded. */
export class CellCounts {
  rows = 0;
  missing = 0;
  #unseen = 0;
  readonly #first: UnseenCell[] = [];

  /** A cell that is missing by that. */
  addUnseen(cell: () => UnseenCell): void {
    this.#unseen++;
    if (this.#first.length < MOST_NAMED) this.#first.push(cell());
  }

  result(column: TableColumn, isThere: boolean): ColumnCells {
    return {
      ...{ column: column.name, isThere, rows: this.rows, missing: this.missing },
      ...{ unseen: this.#unseen, firstUnseen: this.#first },
      trainedMissing: trainedMissing(column),
    };
  }
}

function trainedMissing(column: TableColumn): number | undefined {
  if (!('missing' in column)) return undefined;
  return column.missing ? column.missingShare : 0;
}
