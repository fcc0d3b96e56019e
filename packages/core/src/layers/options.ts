/** What every layer with a kernel and a bias can be told, and the checks they share. */
import { add, type Tensor } from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';
import { fanInUniform, type Fans, type InitializerFor } from '../initializers.ts';
import type { ExampleShape, NamedTensors, ParameterSpec } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { formatShape } from '../shape.ts';
import type { Activation } from './activations.ts';

export interface LayerOptions {
  /** Default `linear`. */
  readonly activation?: Activation;
  /** Default `fanInUniform`, PyTorch's. */
  readonly kernelInit?: InitializerFor;
  /** Default `fanInUniform`, PyTorch's. */
  readonly biasInit?: InitializerFor;
}

export interface BiasOption {
  /** Default true; false where a normalisation follows, which would take a bias away again. */
  readonly bias?: boolean;
}

/** Specs of `<name>/kernel` and `<name>/bias`. */
export function kernelAndBias(
  name: string,
  kernelShape: readonly number[],
  biasSize: number,
  fans: Fans,
  options: LayerOptions & BiasOption,
): readonly ParameterSpec[] {
  const { kernelInit = fanInUniform, biasInit = fanInUniform, bias = true } = options;
  const kernel = { name: `${name}/kernel`, shape: kernelShape, init: kernelInit(fans) };
  if (!bias) return [kernel];
  return [kernel, { name: `${name}/bias`, shape: [biasSize], init: biasInit(fans) }];
}

/** y + `<name>/bias`, where there is one. y: [..., size of the bias] */
export function plusBias(
  name: string,
  { bias = true }: BiasOption,
  params: NamedTensors,
  y: Tensor,
): Tensor {
  return bias ? add(y, requireTensor('parameter', params, `${name}/bias`)) : y;
}

/** Throws MODEL_LAYER_OPTION unless every value is a positive integer. */
export function requirePositiveIntegers(
  layer: string,
  values: Readonly<Record<string, number>>,
): void {
  for (const [option, value] of Object.entries(values)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ModelError({
        code: 'MODEL_LAYER_OPTION',
        where: `layer "${layer}", ${option}`,
        expected: 'a positive integer',
        got: String(value),
        fix: `Set ${option} to 1 or more.`,
      });
    }
  }
}

/** The three numbers of an image's shape. Throws MODEL_LAYER_SHAPE. */
export function requireImageShape(
  layer: string,
  shape: ExampleShape,
): readonly [height: number, width: number, channels: number] {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined || channels === undefined) {
    throw new ModelError({
      code: 'MODEL_LAYER_SHAPE',
      where: `layer "${layer}"`,
      expected: 'images, [height, width, channels]',
      got: `examples of shape ${formatShape(shape)}`,
      fix: 'Use image data, or a model without convolutions: the mlp preset takes any shape, of raw sound with --likelihood gaussian-learned.',
    });
  }
  requirePositiveIntegers(layer, { height, width, channels });
  return [height, width, channels];
}

/** The two numbers of a sequence's shape. Throws MODEL_LAYER_SHAPE. */
export function requireSequenceShape(
  layer: string,
  shape: ExampleShape,
): readonly [steps: number, channels: number] {
  const [steps, channels] = shape;
  if (shape.length !== 2 || steps === undefined || channels === undefined) {
    throw new ModelError({
      code: 'MODEL_LAYER_SHAPE',
      where: `layer "${layer}"`,
      expected: 'sequences, [steps, channels]',
      got: `examples of shape ${formatShape(shape)}`,
      fix: 'Use sequence data, or reshape the examples.',
    });
  }
  requirePositiveIntegers(layer, { steps, channels });
  return [steps, channels];
}
