/** Rows of ratings, one a user, wherever they are: in memory, or in a file (groupedRows.ts). */
import type { RatingRows } from '../storedRatings.ts';
import { renamePlaces, rowCount, rowsAt, type SparseRows } from './sparseRows.ts';

/** Of a whole file. */
export interface UserRows extends RatingRows {
  /** As `renamePlaces`. */
  rename(names: Int32Array): Promise<RatingRows>;
}

/** Some of the rows, one after another. */
export interface RowsPiece {
  /** Which of them the first row is. */
  readonly first: number;
  readonly rows: SparseRows;
}

export function rowsInMemory(rows: SparseRows): UserRows {
  const inMemory: RatingRows = {
    count: rowCount(rows),
    pieceBytes: Infinity,
    sizeOf: (row) => (rows.offsets[row + 1] ?? 0) - (rows.offsets[row] ?? 0),
    read: async (positions) => (positions ? rowsAt(rows, positions) : rows),
  };
  return { ...inMemory, rename: async (names) => rowsInMemory(renamePlaces(rows, names)) };
}

/** The rows at `positions` (undefined: all), a piece at a time, or a row that is larger than one. */
export async function* rowPieces(
  from: RatingRows,
  positions?: Uint32Array,
): AsyncGenerator<RowsPiece> {
  if (from.pieceBytes === Infinity) {
    yield { first: 0, rows: await from.read(positions) };
    return;
  }
  const all = positions ?? Uint32Array.from({ length: from.count }, (_, row) => row);
  for (let first = 0; first < all.length;) {
    let end = first;
    for (let bytes = 0; end < all.length; end++) {
      bytes += 4 + 8 * from.sizeOf(all[end] ?? 0);
      if (bytes > from.pieceBytes && end > first) break;
    }
    yield { first, rows: await from.read(all.subarray(first, end)) };
    first = end;
  }
}
