/** Rows of ratings in a temporary file, grouped by user; in memory is where each begins, 8 bytes. */
import type { FileHandle } from 'node:fs/promises';
import { readRecords } from '../streaming/readRecords.ts';
import { entriesOf, type RatingRows } from '../storedRatings.ts';
import { sparseViews, storedBytes } from '../valueType.ts';
import { bytesOf } from './entryFile.ts';
import { renamePlaces, sparseWriter, type SparseRows } from './sparseRows.ts';
import { rowPieces, type UserRows } from './userRows.ts';

export interface GroupedRows {
  /** Of each entry item (u32) and weight (f32), row after row. */
  readonly file: FileHandle;
  /** Entries of row i are offsets[i] ... offsets[i + 1] - 1. */
  readonly offsets: Float64Array;
  /** The user of each row. */
  readonly users: Uint32Array;
}

/** @param pieceBytes of rows that are held at a time */
export function rowsInFile(grouped: GroupedRows, pieceBytes: number): UserRows {
  const count = grouped.offsets.length - 1;
  const rows: RatingRows = {
    count,
    pieceBytes,
    sizeOf: sizesOf(grouped.offsets),
    read: (positions) => readRows(grouped, positions ?? allRows(count)),
  };
  return { ...rows, rename: (names) => renameAsRead(rows, names) };
}

const allRows = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

const sizesOf =
  (offsets: Float64Array): RatingRows['sizeOf'] =>
  (row) =>
    (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);

/**
 * What is left of each row is counted now; the rows are renamed whenever they are read. Of many rows of which little
 * is left no more than a piece is read at a time.
 */
async function renameAsRead(from: RatingRows, names: Int32Array): Promise<RatingRows> {
  const offsets = new Float64Array(from.count + 1);
  for await (const { first, rows } of rowPieces(from, undefined)) {
    const renamed = renamePlaces(rows, names);
    const before = offsets[first] ?? 0;
    renamed.offsets.forEach((end, i) => (offsets[first + i] = before + end));
  }
  const sizeOf = sizesOf(offsets);
  const read: RatingRows['read'] = async (positions) => {
    const { length: count } = positions ?? { length: from.count };
    const stored = { count, entries: entriesOf({ ...from, sizeOf }, positions) };
    const bytes = new Uint8Array(storedBytes({ ...stored, shape: [], valueType: 'sparse' }));
    const write = sparseWriter(bytes, stored);
    for await (const { rows } of rowPieces(from, positions)) write(renamePlaces(rows, names));
    return sparseViews(bytes.buffer, 0, stored);
  };
  return { ...from, sizeOf, read };
}

async function readRows(
  { file, offsets }: GroupedRows,
  positions: Uint32Array,
): Promise<SparseRows> {
  const sizeOf = sizesOf(offsets);
  const ends = new Uint32Array(positions.length + 1);
  positions.forEach((row, i) => (ends[i + 1] = (ends[i] ?? 0) + sizeOf(row)));
  const words = new Uint32Array(2 * (ends.at(-1) ?? 0));
  const startOf = (row: number): number => 8 * (offsets[row] ?? 0);
  await readRecords({ file, startOf }, bytesOf(words), positions);
  return { offsets: ends, ...placesAndWeights(words) };
}

/** Of entries as they lie in the file. */
function placesAndWeights(words: Uint32Array<ArrayBuffer>): Omit<SparseRows, 'offsets'> {
  const values = new Float32Array(words.buffer);
  const entries = words.length / 2;
  const [places, weights] = [new Uint32Array(entries), new Float32Array(entries)];
  for (let entry = 0; entry < entries; entry++) {
    places[entry] = words[2 * entry] ?? 0;
    weights[entry] = values[2 * entry + 1] ?? 0;
  }
  return { places, weights };
}
