/** Rows of which few values are not zero, in memory of our own: what a ratings file becomes. */
import { sparseViews, type SparseValues } from '../valueType.ts';

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
  const offsets = new Uint32Array(from.offsets.length);
  const places = new Uint32Array(from.places.length);
  const weights = new Float32Array(from.places.length);
  let used = 0;
  for (let row = 0; row < rowCount(from); row++) {
    const first = used;
    const end = from.offsets[row + 1] ?? 0;
    let [last, isSorted] = [-1, true];
    for (let at = from.offsets[row] ?? 0; at < end; at++) {
      const name = names[from.places[at] ?? 0] ?? -1;
      if (name < 0) continue;
      isSorted &&= name > last;
      last = name;
      places[used] = name;
      weights[used++] = from.weights[at] ?? 0;
    }
    if (!isSorted) sortRow(places.subarray(first, used), weights.subarray(first, used));
    offsets[row + 1] = used;
  }
  return { offsets, places: places.subarray(0, used), weights: weights.subarray(0, used) };
}

/** By place. */
function sortRow(places: Uint32Array, weights: Float32Array): void {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  places.set(order.map((i) => places[i] ?? 0));
  weights.set(Float32Array.from(order, (i) => weights[i] ?? 0));
}

/** Writes rows as `sparse` values are stored (valueType.ts), some at a time, until all `count` of them are there. */
export function sparseWriter(
  target: Uint8Array,
  shape: Readonly<{ count: number; entries: number }>,
): (rows: SparseRows) => void {
  const into = sparseViews(target.buffer, target.byteOffset, shape);
  into.offsets[0] = 0;
  let [row, used] = [0, 0];
  return ({ offsets, places, weights }) => {
    into.places.set(places, used);
    into.weights.set(weights, used);
    for (let i = 1; i < offsets.length; i++) into.offsets[++row] = used + (offsets[i] ?? 0);
    used += places.length;
  };
}

/** The rows at these positions. */
export function rowsAt(from: SparseRows, positions: Uint32Array): SparseRows {
  const offsets = new Uint32Array(positions.length + 1);
  positions.forEach((row, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + (from.offsets[row + 1] ?? 0) - (from.offsets[row] ?? 0);
  });
  const entries = offsets.at(-1) ?? 0;
  const [places, weights] = [new Uint32Array(entries), new Float32Array(entries)];
  positions.forEach((row, i) => {
    const [start, end] = [from.offsets[row], from.offsets[row + 1]];
    places.set(from.places.subarray(start, end), offsets[i]);
    weights.set(from.weights.subarray(start, end), offsets[i]);
  });
  return { offsets, places, weights };
}

/** One row as the items it has. */
export function rowItems({ offsets, places }: SparseRows, row: number): Uint32Array {
  return places.subarray(offsets[row], offsets[row + 1]);
}
