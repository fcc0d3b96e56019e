/**
 * Convolution over a sequence in which step t sees steps t, t - dilation, t - 2 dilation ... alone.
 * van den Oord et al.: "WaveNet" (2016), section 2.1. One product of matrices: the steps that a kernel
 * sees are laid side by side first.
 */
import { concat, matMul, pad, reshape, slice, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { ExampleShape, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { activate } from './activations.ts';
import type { Layer } from './layer.ts';
import {
  kernelAndBias,
  plusBias,
  requirePositiveIntegers,
  requireSequenceShape,
  type BiasOption,
  type LayerOptions,
} from './options.ts';

export interface CausalConv1dOptions extends LayerOptions, BiasOption {
  /** [steps, channels] */
  readonly inputShape: ExampleShape;
  readonly filters: number;
  readonly kernelSize: number;
  /** Default 1. */
  readonly dilation?: number;
}

/**
 * [B, steps, channels] -> [B, steps, filters]. Parameters: `<name>/kernel`
 * [kernelSize, channels, filters], whose last row is for step t itself, and `<name>/bias` [filters].
 * Throws MODEL_LAYER_OPTION, MODEL_LAYER_SHAPE.
 */
export function causalConv1d(name: string, options: CausalConv1dOptions): Layer {
  const { inputShape, filters, kernelSize, dilation = 1, activation = 'linear' } = options;
  const [steps, channels] = requireSequenceShape(name, inputShape);
  requirePositiveIntegers(name, { filters, kernelSize, dilation });
  const past = (kernelSize - 1) * dilation;
  const fans = { fanIn: kernelSize * channels, fanOut: kernelSize * filters };
  return {
    inputShape,
    outputShape: [steps, filters],
    parameters: kernelAndBias(name, [kernelSize, channels, filters], filters, fans, options),
    apply: (params, x) =>
      tidy(name, () => {
        const batch = x.shape[0] ?? 1;
        const kernel = requireTensor('parameter', params, `${name}/kernel`);
        const padded = pad(x as Tensor3D, [[0, 0], [past, 0], [0, 0]]); // prettier-ignore
        const seen = concat(
          Array.from({ length: kernelSize }, (_, i) =>
            slice(padded, [0, i * dilation, 0], [batch, steps, channels]),
          ),
          2,
        ); // [B, steps, kernelSize * channels]
        const rows: Tensor2D = reshape(seen, [batch * steps, kernelSize * channels]);
        const matrix: Tensor2D = reshape(kernel, [kernelSize * channels, filters]);
        const y = reshape(matMul(rows, matrix), [batch, steps, filters]);
        return activate(activation, plusBias(name, options, params, y));
      }),
  };
}

/**
 * What the layer of that name and those options gives for the last of the steps so far, [B, filters]:
 * for sequences that come step by step. steps: [B, channels] each, the first one first.
 */
export function causalConvStep(
  name: string,
  options: CausalConv1dOptions,
  params: NamedTensors,
  steps: readonly Tensor2D[],
): Tensor2D {
  const { filters, kernelSize, dilation = 1, activation = 'linear' } = options;
  return tidy(name, () => {
    const seen = Array.from(
      { length: kernelSize },
      (_, i) => steps[steps.length - 1 - (kernelSize - 1 - i) * dilation],
    ).filter((step) => step !== undefined);
    // Before the first step there is nothing, so the kernel's first rows have nothing to act upon.
    const kernel = requireTensor('parameter', params, `${name}/kernel`); // [kernelSize, channels, filters]
    const [, channels = 1] = kernel.shape;
    const rows = slice(kernel, kernelSize - seen.length, [seen.length, channels, filters]);
    const matrix: Tensor2D = reshape(rows, [seen.length * channels, filters]);
    const y: Tensor = matMul(concat(seen, 1), matrix);
    return activate(activation, plusBias(name, options, params, y)) as Tensor2D;
  });
}
