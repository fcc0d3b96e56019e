/** Rows of examples whose label is known: others cannot be learned from, nor judged by. */
import { type Rows } from '@lockstep/core/metrics';

export interface LabelledRows {
  readonly rows: Rows;
  readonly labels: Int32Array;
}

/** @param labels -1 where it is not known; of the first so many rows */
export function labelledRows(rows: Rows, labels: Int32Array): LabelledRows {
  const known = Uint32Array.from(labels.keys()).filter((row) => (labels[row] ?? -1) >= 0);
  if (known.length === rows.count) return { rows, labels };
  const { dim } = rows;
  const data = new Float32Array(known.length * dim);
  known.forEach((row, i) => data.set(rows.data.subarray(row * dim, (row + 1) * dim), i * dim));
  return {
    rows: { data, dim, count: known.length },
    labels: Int32Array.from(known, (row) => labels[row] ?? -1),
  };
}
