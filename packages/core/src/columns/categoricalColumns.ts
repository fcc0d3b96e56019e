/**
 * Categories without an order: a softmax for each column.
 *
 *   -log p(x = k | l) = log(sum_j exp l_j) - l_k
 *
 * Columns of one group have equally many logits; those past a column's own categories get no weight.
 *
 * Shapes: B examples, C columns, K = logits of a column.
 */
import {
  add,
  argMax,
  cast,
  logSoftmax,
  mul,
  neg,
  reshape,
  sum,
  tensor,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { drawCategory } from '../likelihoods/categorical.ts';
import { requireTensor } from '../namedTensors.ts';
import { indicators, maskOf, type ColumnGroup } from './columnGroup.ts';
import type { CategoryGroup } from './tableLayout.ts';

/** Added to a logit: its probability is zero in float32, and so is its gradient. */
const NOTHING = -1e9;

export function categoricalColumns({ places, categories, width }: CategoryGroup): ColumnGroup {
  const columns = places.length;
  const padded = categories.some((count) => count < width);
  const noise = `likelihood/categorical${String(width)}`;
  const logits = (output: Tensor): Tensor => {
    const all = reshape(output, [-1, columns, width]); // [B, C, K]
    if (!padded) return all;
    const mask = maskOf(categories, width, (code, count) => code >= count);
    return add(
      all,
      tensor(
        mask.map((outside) => outside * NOTHING),
        [1, columns, width],
      ),
    );
  };
  return {
    columns,
    outputs: columns * width,
    parameters: [],
    noise: { [noise]: { shape: [columns], distribution: 'uniform' } },
    losses: (x, output) =>
      neg(sum<Tensor2D>(mul(indicators(x, width), logSoftmax(logits(output))), 2)),
    mean: (output) => cast<Tensor2D>(argMax(logits(output), 2), 'float32'),
    sample(output, given) {
      const u = requireTensor('noise', given, noise); // [B, C]
      return reshape(drawCategory(logits(output), u, width), u.shape as [number, number]);
    },
  };
}
