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
  customGrad,
  div,
  exp,
  expandDims,
  log,
  max,
  mul,
  reshape,
  squeeze,
  sub,
  sum,
  tensor,
} from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { drawCategory } from '../likelihoods/categorical.ts';
import { requireTensor } from '../namedTensors.ts';
import { indicators, maskOf, type ColumnGroup } from './columnGroup.ts';
import type { CategoryGroup } from './tableLayout.ts';

/** Added to a logit: its probability is zero in float32, and so is its gradient. */
const NOTHING = -1e9;

/** log(sum_k exp l_k) - sum_k i_k l_k of logits l and indicators i, [C, K, B] each: [C, B] */
function crossEntropy(logits: Tensor3D, chosen: Tensor3D): Tensor2D {
  const parts = (l: Tensor) => {
    const below = sub(l, max(l, 1, true)); // [C, K, B]
    const powers = exp(below);
    return { below, powers, total: sum(powers, 1, true) }; // [C, 1, B]
  };
  // With a gradient of its own: one difference, softmax - indicators.
  const apply = customGrad((...given) => {
    const [l, save] = given as [Tensor, GradSaveFunc];
    const { below, total } = parts(l);
    save([l, chosen]);
    return {
      value: sub(squeeze(log(total), [1]), sum(mul(chosen, below), 1)),
      gradFunc: (dy, saved) => {
        const [from, indicated] = saved as [Tensor, Tensor];
        const { powers, total: all } = parts(from);
        return mul(expandDims(dy, 1), sub(div(powers, all), indicated));
      },
    };
  });
  return apply(logits) as Tensor2D;
}

export function categoricalColumns({ places, categories, width }: CategoryGroup): ColumnGroup {
  const columns = places.length;
  const padded = categories.some((count) => count < width);
  const noise = `likelihood/categorical${String(width)}`;
  /** Zeros, and what takes all weight from the logits past a column's own. */
  const nothing = (shape: [number, number, number]): Tensor3D =>
    tensor(
      maskOf(categories, width, (code, count) => code >= count).map((past) => past * NOTHING),
      shape,
    );
  const logits = (output: Tensor): Tensor => {
    const all = reshape(output, [-1, columns, width]); // [B, C, K]
    return padded ? add(all, nothing([1, columns, width])) : all;
  };
  return {
    columns,
    outputs: columns * width,
    parameters: [],
    noise: { [noise]: { shape: [columns], distribution: 'uniform' } },
    losses(x, output) {
      const all = reshape<Rank.R3>(output, [columns, width, -1]); // [C, K, B]
      const own = padded ? add<Tensor3D>(all, nothing([columns, width, 1])) : all;
      return crossEntropy(own, indicators(x, width));
    },
    mean: (output) => cast<Tensor2D>(argMax(logits(output), 2), 'float32'),
    sample(output, given) {
      const u = requireTensor('noise', given, noise); // [B, C]
      return reshape(drawCategory(logits(output), u, width), u.shape as [number, number]);
    },
  };
}
