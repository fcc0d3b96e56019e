/**
 * Multinomial likelihood: the values of an example are counts, such as how often each item was
 * chosen, and the decoder gives one logit for each. Liang et al.: "Variational Autoencoders for
 * Collaborative Filtering" (2018), eq. 2; the coefficient that it leaves out is here, so that the
 * probabilities of all ways to share n counts add up to one.
 *
 *   -log p(x | l) = -sum_i x_i log softmax(l)_i - log n! + sum_i log x_i!,   n = sum_i x_i
 */
import {
  add,
  cumsum,
  div,
  expandDims,
  log,
  logSoftmax,
  mul,
  neg,
  pad,
  relu,
  reshape,
  slice,
  softmax,
  square,
  step,
  sub,
  sum,
  tidy,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { requireTensor } from '../namedTensors.ts';
import { flattenExamples, type Likelihood } from './likelihood.ts';
import { requireNumber } from './options.ts';

const HALF_LOG_TWO_PI = 0.9189385332046727;
const noPadding: [number, number] = [0, 0];

/**
 * log x! for counts, 0 for 0 and 1: Stirling's series at x + 4 (Abramowitz, Stegun, 6.1.41), less
 * what the shift added.
 */
function logFactorial(count: Tensor): Tensor {
  const x = relu(count);
  const w = add(x, 4);
  const r = div(1, w);
  const series = mul(r, sub(1 / 12, mul(square(r), sub(1 / 360, mul(square(r), 1 / 1260)))));
  const stirling = add(sub(mul(sub(w, 0.5), log(w)), w), add(series, HALF_LOG_TWO_PI)); // (x + 3)!
  const shift = log(mul(mul(add(x, 1), add(x, 2)), add(x, 3)));
  return mul(step(sub(x, 1)), sub(stirling, shift));
}

export interface MultinomialOptions {
  /** Counts in a value of 1. Default 1, for data of zeros and ones; 255 where bytes hold counts. */
  readonly countScale?: number;
  /** Counts that `mean` and `sample` share out: an integer, 1 or more. Default 1. */
  readonly trials?: number;
}

/** Throws MODEL_LIKELIHOOD_OPTION. */
export function multinomial({ countScale = 1, trials = 1 }: MultinomialOptions = {}): Likelihood {
  const likelihood = 'multinomial';
  requireNumber({ likelihood, option: 'countScale', value: countScale });
  requireNumber({ likelihood, option: 'trials', value: trials, leastInteger: 1 });
  const probabilities = (output: Tensor): Tensor => softmax(flattenExamples(output)); // [B, size]
  return {
    name: likelihood,
    support: { low: 0, step: 1 / countScale },
    outputsPerValue: 1,
    jointly: true,
    parameters: [],
    negativeLogProb: (x, output) =>
      tidy(likelihood, () => {
        const counts = mul(flattenExamples(x), countScale); // [B, size]
        const crossEntropy = neg(sum(mul(counts, logSoftmax(flattenExamples(output))), 1)); // [B]
        const ways = sub(logFactorial(sum(counts, 1)), sum(logFactorial(counts), 1)); // [B]
        return sub<Tensor1D>(crossEntropy, ways);
      }),
    mean: (output) =>
      tidy(() => reshape(mul(probabilities(output), trials / countScale), output.shape)),
    sampleNoise: () => ({ 'likelihood/u': { shape: [trials], distribution: 'uniform' } }),
    sample: (output, noise) =>
      tidy(() => {
        const u = expandDims(requireTensor('noise', noise, 'likelihood/u'), 2); // [B, trials, 1]
        const upper = expandDims(cumsum(probabilities(output), 1), 1); // [B, 1, size]
        const reached = sum(step(sub(upper, u)), 1); // [B, size], draws at or before each value
        const [batch, size] = [reached.shape[0] ?? 1, reached.shape[1] ?? 1];
        const inner = slice(reached, [0, 0], [batch, size - 1]); // before the last: all of them
        const before = pad(inner, [noPadding, [1, 0]], 0);
        const upTo = pad(inner, [noPadding, [0, 1]], trials);
        return reshape(mul(sub(upTo, before), 1 / countScale), output.shape);
      }),
  };
}
