/**
 * Categories with an order: the cumulative logit model, its thresholds from the decoder.
 *
 *   p(x <= r | z) = sigmoid(t_r),   t_0 = o_0,   t_r = t_{r-1} + softplus(o_r)
 *
 * Nazabal et al.: "Handling Incomplete Heterogeneous Data using VAEs" (2020), section 3.2 (ordinal data),
 * the region's place being part of the first threshold. A probability is a difference of two sigmoids,
 *
 *   log p(x = r) = log sigmoid(t_r) + log sigmoid(-t_{r-1}) + log(1 - exp(t_{r-1} - t_r))
 *
 * and the last term is log sigmoid(o_r): nothing is subtracted, and no probability is clamped. The first
 * category has the first term alone, the last the second.
 *
 * Shapes: B examples, C columns, T = thresholds of a column, one less than its categories; a column with
 * fewer than others of its group leaves its last outputs unused.
 */
import {
  add,
  argMax,
  cast,
  concat,
  cumsum,
  expandDims,
  mul,
  neg,
  pad,
  reshape,
  sigmoid,
  slice,
  softplus,
  step,
  sub,
  sum,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { requireTensor } from '../namedTensors.ts';
import { indicators, maskOf, type ColumnGroup } from './columnGroup.ts';
import type { CategoryGroup } from './tableLayout.ts';

export function ordinalColumns({ places, categories, width }: CategoryGroup): ColumnGroup {
  const columns = places.length;
  const T = Math.max(width - 1, 1); // of one category: an output without use
  const noise = `likelihood/ordinal${String(width)}`;
  /** [C, T] */
  const constant = (holds: (code: number, count: number) => boolean): Tensor2D =>
    tensor(maskOf(categories, T, holds), [columns, T]);
  /** Where a threshold lies above the category r, so that r is not the column's last. */
  const below = (): Tensor2D => constant((r, count) => r < count - 1);
  const between = (): Tensor2D => constant((r, count) => r > 0 && r < count - 1);

  /** o to t: [.., .., T] both. */
  const thresholds = (steps: Tensor3D): Tensor3D => {
    if (T === 1) return steps;
    const first = slice(steps, [0, 0, 0], [-1, -1, 1]);
    const rest = softplus(slice(steps, [0, 0, 1], [-1, -1, T - 1]));
    return cumsum(concat([first, rest], 2), 2);
  };
  /** p(x <= r) for each r that is not the column's last, 1 from there on: [B, C, T] */
  const cumulative = (output: Tensor): Tensor3D => {
    const inside = below();
    const t = thresholds(reshape<Rank.R3>(output, [-1, columns, T]));
    return add(mul(sigmoid(t), inside), sub(1, inside));
  };

  return {
    columns,
    outputs: columns * T,
    parameters: [],
    noise: { [noise]: { shape: [columns], distribution: 'uniform' } },
    losses(x, output) {
      const steps = reshape<Rank.R3>(output, [columns, T, -1]); // [C, T, B]
      const t = transpose(thresholds(transpose(steps, [0, 2, 1])), [0, 2, 1]);
      const [inside, middle] = [expandDims(below(), 2), expandDims(between(), 2)];
      const at = indicators(x, T); // of the threshold above x
      const under = mul(indicators(sub(x, 1), T), inside); // of the one below
      const terms = add(
        add(mul(mul(at, inside), softplus(neg(t))), mul(under, softplus(t))),
        mul(mul(at, middle), softplus(neg(steps))),
      );
      return sum<Tensor2D>(terms, 1);
    },
    mean(output) {
      const upTo = cumulative(output);
      const none: [number, number][] = [
        [0, 0],
        [0, 0],
      ];
      // p(x = r) for r = 0 ... T, [B, C, T + 1]
      const probabilities = sub(pad(upTo, [...none, [0, 1]], 1), pad(upTo, [...none, [1, 0]], 0));
      return cast<Tensor2D>(argMax(probabilities, 2), 'float32');
    },
    sample(output, given) {
      const u = requireTensor('noise', given, noise); // [B, C]
      const passed = step(sub(reshape(u, [-1, columns, 1]), cumulative(output)));
      return sum<Tensor2D>(passed, 2);
    },
  };
}
