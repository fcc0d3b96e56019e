/**
 * How much each latent dimension tells of the data: the mean over the examples of
 *
 *   KL( N(mu_j, sigma_j^2) || N(0, 1) ) = 1/2 (mu_j^2 + sigma_j^2 - 1 - log sigma_j^2)
 *
 * in nats. Kingma, Welling (2014), appendix B. A dimension that the model does not use has almost 0.
 */
import { portableExp } from '../math/portableExp.ts';
import type { GaussianRows } from './aggregatePosterior.ts';
import { descending } from './rankedCounts.ts';

/** [L] */
export function latentKl({ mu, logVar }: GaussianRows): Float64Array {
  const { count, dim } = mu;
  const sums = new Float64Array(dim);
  for (let at = 0; at < mu.data.length; at++) {
    const [mean, scale] = [mu.data[at] ?? 0, logVar.data[at] ?? 0];
    sums[at % dim] = (sums[at % dim] ?? 0) + mean * mean + portableExp(scale) - 1 - scale;
  }
  return sums.map((sum) => sum / 2 / count);
}

/** The dimensions from that which tells most to that which tells least; equal ones in their order. */
export function latentOrder(kl: ArrayLike<number>): Uint32Array {
  return descending(kl);
}
