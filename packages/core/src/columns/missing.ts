/** Missing values: NaN in x. They must not meet arithmetic, which would carry them into everything. */
import { cast, isNaN as isMissing, sub, tensor, tidy, where, zeros } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { ColumnInfo } from '../model.ts';

/**
 * x with a number instead of NaN: 0, the middle of a scaled column; -1, no category at all, whose vector
 * of indicators is zero.
 */
export function fillMissing(x: Tensor2D, columns: readonly ColumnInfo[]): Tensor2D {
  return tidy(() => {
    const fills = columns.map(({ kind }) => (kind === 'numeric' ? 0 : -1));
    const fill = fills.some((value) => value !== 0)
      ? tensor(fills, [1, fills.length])
      : zeros([1, fills.length]);
    return where(isMissing(x), fill, x) as Tensor2D;
  });
}

/** 1 where a value is known, 0 where it is missing. */
export function known(x: Tensor2D): Tensor2D {
  return tidy(() => sub<Tensor2D>(1, cast(isMissing(x), 'float32')));
}
