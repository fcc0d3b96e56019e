/**
 * Laplace likelihood: -log p(x | z) = sum |x - location| / scale + log(2 scale). Its mode fits the
 * median, so that single wrong values pull less than under a Gaussian.
 */
import { abs, log, mul, neg, sign, sub, type Tensor } from '@tensorflow/tfjs-core';
import { requireTensor } from '../namedTensors.ts';
import { locationScale, type StandardDensity } from './locationScale.ts';
import { createScale, type ScaleOption } from './scale.ts';
import type { Likelihood } from './likelihood.ts';

const LOG_TWO = 0.6931471805599453;

export const laplaceDensity: StandardDensity = {
  name: 'laplace',
  negativeLog: (u) => abs(u),
  constant: LOG_TWO,
  noise: (shape) => ({ 'likelihood/u': { shape, distribution: 'uniform' } }),
  /** The inverse of the distribution function: -sign(v) log(1 - 2 |v|), v = u - 1/2. */
  draw(noise): Tensor {
    const v = sub(requireTensor('noise', noise, 'likelihood/u'), 0.5);
    return neg(mul(sign(v), log(sub(1, mul(abs(v), 2)))));
  },
};

export interface LaplaceOptions {
  /** Mean absolute deviation of a value. Default `learned`. */
  readonly scale?: ScaleOption;
}

/** Throws MODEL_LIKELIHOOD_OPTION. */
export function laplace({ scale = 'learned' }: LaplaceOptions = {}): Likelihood {
  return locationScale(laplaceDensity, createScale('laplace', scale));
}
