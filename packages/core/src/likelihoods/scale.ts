/**
 * Where the scale of a location-scale likelihood comes from: a number, one parameter for all values
 * (the optimal sigma-VAE: Rybkin, Daniilidis, Levine (2021), section 4), or the decoder, for each value
 * of its own.
 *
 * What is learned is bounded from below, as there (section 4.3): a scale that shrinks to nothing on
 * values that never change would drive the loss to minus infinity.
 */
import { add, reshape, scalar, slice, softplus, sub, type Tensor } from '@tensorflow/tfjs-core';
import { constant, zeros, type Initializer } from '../initializers.ts';
import { portableLog } from '../math/portable.ts';
import type { NamedTensors, ParameterSpec } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { flattenExamples, outputsOfValues } from './likelihood.ts';
import { requireNumber } from './options.ts';

/**
 * A fixed number, `learned` as one parameter, from 1 or another number on, or `per-output`: from the
 * decoder. Adam moves a parameter by about the learning rate each step, so a scale that will be small
 * had better begin so.
 */
export type ScaleOption = number | 'learned' | { readonly learnedFrom: number } | 'per-output';

export interface Scale {
  readonly outputsPerValue: number;
  readonly parameters: readonly ParameterSpec[];
  /** `logScale` broadcasts to [B, size]. The caller tidies. */
  split(output: Tensor, params: NamedTensors): { location: Tensor; logScale: Tensor };
}

const PARAMETER = 'likelihood/logScale';
const LEAST_LOG_SCALE = -6;

/** max(x, least), smoothly: least + softplus(x - least). */
export function boundBelow(logScale: Tensor, least = LEAST_LOG_SCALE): Tensor {
  return add(softplus(sub(logScale, least)), least);
}

const learned = (init: Initializer): Scale => ({
  outputsPerValue: 1,
  parameters: [{ name: PARAMETER, shape: [1], init }],
  split: (output, params) => ({
    location: flattenExamples(output), // [B, size]
    logScale: boundBelow(requireTensor('parameter', params, PARAMETER)), // [1]
  }),
});

const perOutput: Scale = {
  outputsPerValue: 2,
  parameters: [],
  split(output) {
    const both = outputsOfValues(output, 2); // [B, size, 2]
    const [batch, size] = both.shape;
    const part = (index: number): Tensor =>
      reshape(slice(both, [0, 0, index], [batch, size, 1]), [batch, size]);
    return { location: part(0), logScale: boundBelow(part(1)) };
  },
};

/** Throws MODEL_LIKELIHOOD_OPTION. */
export function createScale(likelihood: string, option: ScaleOption): Scale {
  if (option === 'learned') return learned(zeros());
  if (option === 'per-output') return perOutput;
  const value = typeof option === 'object' ? option.learnedFrom : option;
  requireNumber({ likelihood, option: 'scale', value });
  const logScale = portableLog(value);
  if (typeof option === 'object') return learned(constant(logScale));
  return {
    outputsPerValue: 1,
    parameters: [],
    split: (output) => ({ location: flattenExamples(output), logScale: scalar(logScale) }),
  };
}
