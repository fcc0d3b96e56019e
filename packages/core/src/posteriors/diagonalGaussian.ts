/**
 * N(mu, diag(exp(logVar))): its density, its draws, its KL from the prior p(z) = N(0, I).
 *
 * Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), section 2.4 and appendix B.
 * Shapes: B examples, L = latentDim. Arguments are borrowed; the results are new tensors.
 */
import { add, exp, mul, neg, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

export interface DiagonalGaussian {
  readonly mu: Tensor2D; // [B, L]
  readonly logVar: Tensor2D; // [B, L]
}

export const LOG_TWO_PI = 1.8378770664093453;

/**
 * KL(q || p) in nats, [B]: 1/2 sum_l (exp(logVar) + mu^2 - 1 - logVar). Paper's appendix B.
 * The 1 is subtracted per dimension, not as L at the end: near a collapsed posterior the terms
 * cancel, and small differences keep more digits than large sums.
 */
export function klToStandardNormal(posterior: DiagonalGaussian): Tensor1D {
  return tidy('kl', () => mul(sum<Tensor1D>(twiceKl(posterior), 1), 0.5)); // [B]
}

/** The same before the sum: each dimension's share, [B, L]. */
export function klPerDimension(posterior: DiagonalGaussian): Tensor2D {
  return tidy('kl', () => mul<Tensor2D>(twiceKl(posterior), 0.5)); // [B, L]
}

function twiceKl({ mu, logVar }: DiagonalGaussian): Tensor2D {
  const variancePart = sub(exp(logVar), add(logVar, 1)); // [B, L]
  return add<Tensor2D>(square(mu), variancePart); // [B, L]
}

/** z = mu + exp(logVar / 2) * eps, [B, L]: a draw from q when eps ~ N(0, I), [B, L]. Eq. 10. */
export function reparameterize({ mu, logVar }: DiagonalGaussian, eps: Tensor2D): Tensor2D {
  return tidy('reparameterize', () => add(mu, mul(exp(mul(logVar, 0.5)), eps)));
}

/** log N(z; mu, exp(logVar)) of each value; all arguments broadcast against each other. */
export function logNormalDensity<T extends Tensor>(
  z: Tensor,
  { mu, logVar }: { readonly mu: Tensor; readonly logVar: Tensor },
): T {
  return tidy('logNormal', () => {
    const squares = mul(square(sub(z, mu)), exp(neg(logVar)));
    return mul<T>(add(add(squares, logVar), LOG_TWO_PI), -0.5);
  });
}
