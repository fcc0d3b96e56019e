/** p(x | z): how a decoder's output scores data, and what picture it stands for. */
import { reshape, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

export interface Likelihood {
  readonly name: string;
  /**
   * -log p(x | z) in nats, [B], normalised, summed over the values of an example. x and the
   * decoder's output: [B, ...shape]. Both are borrowed; the result is new.
   */
  negativeLogProb(x: Tensor, output: Tensor): Tensor1D;
  /** E[x | z], [B, ...shape]. May return its argument. */
  mean(output: Tensor): Tensor;
}

/** [B, ...shape] -> [B, size]. Returns its argument where that is two-dimensional already. */
export function flattenExamples(x: Tensor): Tensor2D {
  return x.rank === 2 ? (x as Tensor2D) : reshape(x, [x.shape[0] ?? 1, -1]);
}
