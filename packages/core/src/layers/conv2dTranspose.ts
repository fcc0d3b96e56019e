/** Transposed convolution over images, NHWC: the adjoint of conv2d, which makes images larger. */
import { add, conv2dTranspose as tfConv2dTranspose, tidy } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
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

export interface Conv2dTransposeOptions extends LayerOptions {
  /** [height, width, channels] */
  readonly inputShape: ExampleShape;
  /** Channels out. */
  readonly filters: number;
  /** Height and width of the kernel. */
  readonly kernelSize: number;
  /** Default 1. */
  readonly stride?: number;
  /** Default `same`: the output is the input's size times the stride. */
  readonly padding?: 'same' | 'valid';
}

/**
 * [B, height, width, channels] -> [B, height', width', filters]. Parameters: `<name>/kernel`
 * [kernelSize, kernelSize, filters, channels], `<name>/bias` [filters]. For initialisation fanIn is
 * kernelSize^2 * filters: PyTorch's choice, which reads the kernel as the adjoint convolution's.
 * Throws MODEL_LAYER_OPTION, MODEL_LAYER_SHAPE.
 */
export function conv2dTranspose(name: string, options: Conv2dTransposeOptions): Layer {
  const { inputShape, filters, kernelSize, stride = 1, padding = 'same' } = options;
  const { activation = 'linear' } = options;
  const [height, width, channels] = requireImageShape(name, inputShape);
  requirePositiveIntegers(name, { filters, kernelSize, stride });

  const enlarge = (n: number): number =>
    padding === 'same' ? n * stride : (n - 1) * stride + kernelSize;
  const outputHeight = enlarge(height);
  const outputWidth = enlarge(width);
  const area = kernelSize * kernelSize;
  const fans = { fanIn: area * filters, fanOut: area * channels };
  const kernelShape = [kernelSize, kernelSize, filters, channels];
  return {
    inputShape: [height, width, channels],
    outputShape: [outputHeight, outputWidth, filters],
    parameters: kernelAndBias(name, kernelShape, filters, fans, options),
    apply: (params, x) =>
      tidy(name, () => {
        const kernel = requireTensor('parameter', params, `${name}/kernel`) as Tensor4D;
        const bias = requireTensor('parameter', params, `${name}/bias`); // [filters]
        const images = x as Tensor4D;
        const shape: [number, number, number, number] = [
          images.shape[0],
          outputHeight,
          outputWidth,
          filters,
        ];
        const y = tfConv2dTranspose(images, kernel, shape, stride, padding);
        return activate(activation, add(y, bias)); // [B, height', width', filters]
      }),
  };
}
