/**
 * q(z | x) = N(mu, diag(exp(logVar))), against the prior p(z) = N(0, I).
 *
 * Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), section 2.4 and appendix B.
 * Shapes: B examples, L = latentDim. Arguments are borrowed; the results are new tensors.
 */
import { add, exp, mul, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

export interface DiagonalGaussian {
  readonly mu: Tensor2D; // [B, L]
  readonly logVar: Tensor2D; // [B, L]
}

/**
 * KL(q || p) in nats, [B]: 1/2 sum_l (exp(logVar) + mu^2 - 1 - logVar). Paper's appendix B.
 * The 1 is subtracted per dimension, not as L at the end: near a collapsed posterior the terms
 * cancel, and small differences keep more digits than large sums.
 */
export function klToStandardNormal({ mu, logVar }: DiagonalGaussian): Tensor1D {
  return tidy('kl', () => {
    const variancePart = sub(exp(logVar), add(logVar, 1)); // [B, L]
    return mul(sum<Tensor1D>(add(square(mu), variancePart), 1), 0.5); // [B]
  });
}

/** z = mu + exp(logVar / 2) * eps, [B, L]: a draw from q when eps ~ N(0, I), [B, L]. Eq. 10. */
export function reparameterize({ mu, logVar }: DiagonalGaussian, eps: Tensor2D): Tensor2D {
  return tidy('reparameterize', () => add(mu, mul(exp(mul(logVar, 0.5)), eps)));
}
