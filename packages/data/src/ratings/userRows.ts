/** Rows of ratings, one a user, wherever they are: in memory, or in a file (groupedRows.ts). */
import { renamePlaces, rowCount, rowsAt, type SparseRows } from './sparseRows.ts';

export interface RatingRows {
  readonly count: number;
  /** Of rows that are held at a time by who goes through all of them. */
  readonly pieceBytes: number;
  /** Entries of a row. */
  sizeOf(row: number): number;
  /** The rows at `positions`, ascending (undefined: all). */
  read(positions?: Uint32Array): Promise<SparseRows>;
}

/** Of a whole file. */
export interface UserRows extends RatingRows {
  /** As `renamePlaces`. */
  rename(names: Int32Array): Promise<RatingRows>;
}

/** Entries of the rows at `positions` (undefined: all). */
export function entriesOf({ count, sizeOf }: RatingRows, positions?: Uint32Array): number {
  let total = 0;
  if (positions) for (const row of positions) total += sizeOf(row);
  else for (let row = 0; row < count; row++) total += sizeOf(row);
  return total;
}

/** Some of the rows, one after another. */
export interface RowsPiece {
  /** Which of them the first row is. */
  readonly first: number;
  readonly rows: SparseRows;
}

/** Of those of a source the ones at `positions` (undefined: all). @param pieceBytes that are held at a time */
export function rowsOfPart(
  { count, sizeOf, read }: RatingRows,
  positions: Uint32Array | undefined,
  pieceBytes: number,
): RatingRows {
  if (!positions) return { count, pieceBytes, sizeOf, read };
  const at = (row: number): number => positions[row] ?? 0;
  return {
    count: positions.length,
    pieceBytes,
    sizeOf: (row) => sizeOf(at(row)),
    read: (rows) => read(rows ? rows.map(at) : positions),
  };
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
