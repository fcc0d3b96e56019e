/** Ratings by user, wherever they are, and how many each has: what all need to know who load and stream parts. */
import type { SparseValues } from './valueType.ts';

export interface RatingRows {
  readonly count: number;
  /** Of rows that are held at a time by who goes through all of them. */
  readonly pieceBytes: number;
  /** Entries of a row. */
  sizeOf(row: number): number;
  /** The rows at `positions`, ascending (undefined: all). */
  read(positions?: Uint32Array): Promise<SparseValues>;
}

/** Entries of the rows at `positions` (undefined: all). */
export function entriesOf({ count, sizeOf }: RatingRows, positions?: Uint32Array): number {
  let total = 0;
  if (positions) for (const row of positions) total += sizeOf(row);
  else for (let row = 0; row < count; row++) total += sizeOf(row);
  return total;
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
