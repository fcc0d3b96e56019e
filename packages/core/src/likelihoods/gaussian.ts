/**
 * Gaussian likelihood: x ~ N(output, sigma^2), per value.
 *
 *   -log p(x | z) = sum (x - output)^2 / (2 sigma^2) + log sigma + 1/2 log 2 pi
 *
 * Normalised, so that losses with different sigma compare. sigma is fixed (Kingma, Welling (2013),
 * appendix C.2), one learned number for all values, or given by the decoder for each.
 */
import { add, mul, square, sub, sum, tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';
import { portableLog } from '../math/portable.ts';
import { requireTensor } from '../namedTensors.ts';
import { flattenExamples, type Likelihood } from './likelihood.ts';
import { locationScale, type StandardDensity } from './locationScale.ts';
import { createScale, type ScaleOption } from './scale.ts';

const HALF_LOG_TWO_PI = 0.9189385332046727;

const noise: StandardDensity['noise'] = (shape) => ({
  'likelihood/eps': { shape, distribution: 'normal' },
});

export const gaussianDensity: StandardDensity = {
  name: 'gaussian',
  negativeLog: (u) => mul(square(u), 0.5),
  constant: HALF_LOG_TWO_PI,
  noise,
  draw: (given) => requireTensor('noise', given, 'likelihood/eps'),
};

/** sigma > 0. Throws MODEL_SIGMA. */
export function gaussian({ sigma }: { readonly sigma: ScaleOption }): Likelihood {
  if (typeof sigma === 'number') return fixedGaussian(sigma);
  const name = sigma === 'per-output' ? 'gaussian-per-output' : 'gaussian-learned';
  return locationScale({ ...gaussianDensity, name }, createScale(name, sigma));
}

/** Without a multiplication or a sum more than its formula needs. */
function fixedGaussian(sigma: number): Likelihood {
  if (!(sigma > 0 && sigma < Infinity)) {
    throw new ModelError({
      code: 'MODEL_SIGMA',
      where: 'gaussian likelihood, sigma',
      expected: 'a finite number above 0',
      got: String(sigma),
      fix: 'Set sigma to the standard deviation of a value, for example 0.1.',
    });
  }
  const scale = 1 / (2 * sigma * sigma);
  const logNormalizer = portableLog(sigma) + HALF_LOG_TWO_PI; // per value
  return {
    name: 'gaussian',
    support: {},
    outputsPerValue: 1,
    parameters: [],
    negativeLogProb: (x, output) =>
      tidy('gaussian', () => {
        const mean = flattenExamples(output); // [B, size]
        const squares = sum<Tensor1D>(square(sub(flattenExamples(x), mean)), 1); // [B]
        return add(mul(squares, scale), mean.shape[1] * logNormalizer);
      }),
    mean: (output) => output,
    sampleNoise: noise,
    sample: (output, given) => tidy(() => add(output, mul(gaussianDensity.draw(given), sigma))),
  };
}
