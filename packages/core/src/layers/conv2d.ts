/** Convolution over images, NHWC: activation(x * W + b), with stride. */
import { add, conv2d as tfConv2d, tidy, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ExampleShape } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { activate } from './activations.ts';
import type { Layer } from './layer.ts';
import {
  kernelAndBias,
  requireImageShape,
  requirePositiveIntegers,
  type LayerOptions,
} from './options.ts';

export interface Conv2dOptions extends LayerOptions {
  /** [height, width, channels] */
  readonly inputShape: ExampleShape;
  /** Channels out. */
  readonly filters: number;
  /** Height and width of the kernel. */
  readonly kernelSize: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default `same`: the output is the input's size divided by the stride, rounded up. */
  readonly padding?: 'same' | 'valid';
}

/**
 * [B, height, width, channels] -> [B, height', width', filters]. Parameters: `<name>/kernel`
 * [kernelSize, kernelSize, channels, filters], `<name>/bias` [filters].
 * Throws MODEL_LAYER_OPTION, MODEL_LAYER_SHAPE.
 */
export function conv2d(name: string, options: Conv2dOptions): Layer {
  const { inputShape, filters, kernelSize, stride = 1, padding = 'same' } = options;
  const { activation = 'linear' } = options;
  const [height, width, channels] = requireImageShape(name, inputShape);
  requirePositiveIntegers(name, { filters, kernelSize, stride });

  const margin = padding === 'same' ? 0 : kernelSize - 1;
  const outputHeight = Math.ceil((height - margin) / stride);
  const outputWidth = Math.ceil((width - margin) / stride);
  requirePositiveIntegers(name, { 'output height': outputHeight, 'output width': outputWidth });
  const area = kernelSize * kernelSize;
  const fans = { fanIn: area * channels, fanOut: area * filters };
  const kernelShape = [kernelSize, kernelSize, channels, filters];
  return {
    inputShape: [height, width, channels],
    outputShape: [outputHeight, outputWidth, filters],
    parameters: kernelAndBias(name, kernelShape, filters, fans, options),
    apply: (params, x) =>
      tidy(name, () => {
        const kernel = requireTensor('parameter', params, `${name}/kernel`) as Tensor4D;
        const bias = requireTensor('parameter', params, `${name}/bias`); // [filters]
        const y = tfConv2d(x as Tensor4D, kernel, stride, padding); // [B, height', width', filters]
        return activate(activation, add(y, bias));
      }),
  };
}
