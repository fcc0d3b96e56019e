/** Rows of which few values are not zero, in memory of our own: what a ratings file becomes. */
import { sparseViews, storedBytes, type SparseValues } from '../valueType.ts';

/** Entries of row i are offsets[i] ... offsets[i + 1] - 1, their places ascending. */
export type SparseRows = SparseValues;

/** One after another as they come: which row, which place, what value. */
export interface Entries {
  readonly rows: Uint32Array;
  readonly places: Uint32Array;
  readonly weights: Float32Array;
}

export const rowCount = ({ offsets }: SparseRows): number => offsets.length - 1;

/** Of entries at the same place of a row the last counts. */
export function sparseRows(count: number, { rows, places, weights }: Entries): SparseRows {
  const starts = new Uint32Array(count + 1);
  for (const row of rows) starts[row + 1] = (starts[row + 1] ?? 0) + 1;
  for (let row = 0; row < count; row++)
    starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  const order = new Uint32Array(rows.length);
  const next = starts.slice(0, count);
  rows.forEach((row, entry) => {
    const at = next[row] ?? 0;
    order[at] = entry;
    next[row] = at + 1;
  });
  const offsets = new Uint32Array(count + 1);
  const kept = new Uint32Array(rows.length);
  let used = 0;
  for (let row = 0; row < count; row++) {
    const entries = order.subarray(starts[row], starts[row + 1]);
    entries.sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0) || a - b);
    entries.forEach((entry, i) => {
      if (places[entries[i + 1] ?? -1] !== places[entry]) kept[used++] = entry;
    });
    offsets[row + 1] = used;
  }
  const entries = kept.subarray(0, used);
  return {
    offsets,
    places: Uint32Array.from(entries, (entry) => places[entry] ?? 0),
    weights: Float32Array.from(entries, (entry) => weights[entry] ?? 0),
  };
}

/** The rows with each place renamed, entries of places that become -1 left out. */
export function renamePlaces(from: SparseRows, names: Int32Array): SparseRows {
  const rows = new Uint32Array(from.places.length);
  const places = new Uint32Array(from.places.length);
  const weights = new Float32Array(from.places.length);
  let used = 0;
  for (let row = 0; row < rowCount(from); row++) {
    for (let at = from.offsets[row] ?? 0; at < (from.offsets[row + 1] ?? 0); at++) {
      const name = names[from.places[at] ?? 0] ?? -1;
      if (name < 0) continue;
      rows[used] = row;
      places[used] = name;
      weights[used++] = from.weights[at] ?? 0;
    }
  }
  return sparseRows(rowCount(from), {
    rows: rows.subarray(0, used),
    places: places.subarray(0, used),
    weights: weights.subarray(0, used),
  });
}

/** How many entries the rows at `positions` have, or all. */
export function entriesAt({ offsets }: SparseRows, positions?: Uint32Array): number {
  if (!positions) return offsets.at(-1) ?? 0;
  return positions.reduce((total, row) => total + (offsets[row + 1] ?? 0) - (offsets[row] ?? 0), 0);
}

/** Writes the rows at `positions`, or all, as `sparse` values are stored (valueType.ts). */
export function writeRows(from: SparseRows, target: Uint8Array, positions?: Uint32Array): void {
  const count = positions?.length ?? rowCount(from);
  const into = sparseViews(target.buffer, target.byteOffset, {
    count,
    entries: entriesAt(from, positions),
  });
  let used = 0;
  into.offsets[0] = 0;
  for (let i = 0; i < count; i++) {
    const row = positions ? (positions[i] ?? 0) : i;
    const [start, end] = [from.offsets[row] ?? 0, from.offsets[row + 1] ?? 0];
    into.places.set(from.places.subarray(start, end), used);
    into.weights.set(from.weights.subarray(start, end), used);
    used += end - start;
    into.offsets[i + 1] = used;
  }
}

/** The rows at these positions. */
export function rowsAt(from: SparseRows, positions: Uint32Array): SparseRows {
  const shape = { count: positions.length, entries: entriesAt(from, positions) };
  const bytes = new Uint8Array(storedBytes({ ...shape, shape: [], valueType: 'sparse' }));
  writeRows(from, bytes, positions);
  return sparseViews(bytes.buffer, 0, shape);
}

/** One row as the items it has. */
export function rowItems({ offsets, places }: SparseRows, row: number): Uint32Array {
  return places.subarray(offsets[row], offsets[row + 1]);
}
