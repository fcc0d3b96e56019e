/**
 * A table turned around, [B, D] -> [D, B]: a column's B values lie side by side, so that what differs from
 * column to column (a scale, a mean, a category's number) is one number for a long stretch of memory.
 * Arithmetic on the short rows of [B, D] takes several times as long.
 *
 * Missing values are NaN in x. They must not meet arithmetic, which would carry them into everything.
 */
import {
  cast,
  gather,
  isNaN as isMissing,
  slice,
  sub,
  tensor,
  tensor1d,
  transpose,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { flattenExamples } from '../likelihoods/likelihood.ts';
import type { TableLayout } from './tableLayout.ts';

export interface TurnedTable {
  /**
   * With a number instead of NaN: 0, the middle of a scaled column; -1, no category at all, whose vector of
   * indicators is zero. [D, B]
   */
  readonly values: Tensor2D;
  /** 1 where a value is known, 0 where it is missing. [D, B] */
  readonly known: Tensor2D;
}

/** x: [B, ...shape]. The columns come in the order of the layout's groups. The caller tidies. */
export function turnTable(x: Tensor, { columns, order }: TableLayout): TurnedTable {
  const rows = takeRows(transpose(flattenExamples(x)), order);
  const missing = isMissing(rows);
  const fills = order.map((place) => (columns[place]?.kind === 'numeric' ? 0 : -1));
  return {
    values: where<Tensor2D>(missing, tensor(fills, [fills.length, 1]), rows),
    known: sub<Tensor2D>(1, cast(missing, 'float32')),
  };
}

/** The rows that `places` name. [.., B] -> [places.length, B] */
export function takeRows(table: Tensor2D, places: readonly number[]): Tensor2D {
  const [first = 0] = places;
  if (places.some((place, i) => place !== first + i)) {
    return gather(table, tensor1d([...places], 'int32'), 0);
  }
  return places.length === table.shape[0] ? table : slice(table, [first, 0], [places.length, -1]);
}
