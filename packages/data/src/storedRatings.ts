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

/** Of a trained run: an item that it does not know. */
export interface UnknownItem {
  readonly item: string;
  /** In which it comes first. */
  readonly row: number;
}

/** Ratings of such items. */
export interface PassedOver {
  readonly ratings: number;
  /** That are unknown, and the first of them. */
  readonly items: number;
  readonly firstItems: readonly UnknownItem[];
  /** Users who have no other items, and the first of them. */
  readonly users: number;
  readonly firstUsers: readonly string[];
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
