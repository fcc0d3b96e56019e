/**
 * q(z | x) = N(mu, diag(exp(logVar))).
 *
 * Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), section 2.4.
 * Shapes: B examples, L = latentDim.
 */
import { add, mul, square, sum } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  LOG_TWO_PI,
  logNormalDensity,
  reparameterize,
  type DiagonalGaussian,
} from './diagonalGaussian.ts';
import type { Posterior } from './posterior.ts';

/** The posterior of the paper. */
export function diagonalGaussian(): Posterior {
  const logProb = (encoded: DiagonalGaussian, z: Tensor2D): Tensor1D =>
    sum<Tensor1D>(logNormalDensity(z, encoded), 1);
  return {
    name: 'diagonalGaussian',
    extraDim: 0,
    parameters: [],
    diagonal: true,
    draw(_params, encoded, eps) {
      const e = eps as Tensor2D;
      // What logProb gives at z, with fewer roundings: (z - mu)^2 / exp(logVar) is eps^2.
      const logQ = () => add(add(square(e), encoded.logVar), LOG_TWO_PI);
      return { z: reparameterize(encoded, e), logProb: () => mul(sum<Tensor1D>(logQ(), 1), -0.5) };
    },
    logProb,
    summary: (_params, { mu, logVar }) => ({ mu, logVar }),
  };
}
