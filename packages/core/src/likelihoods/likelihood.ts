/**
 * p(x | z): how a decoder's output scores data, what picture it stands for, and how to draw from it.
 *
 * A decoder gives `outputsPerValue` numbers for each value of x. They are the last dimension's inner
 * index: for x of shape [..., C] the decoder's shape is [..., C * outputsPerValue], and the numbers of
 * one value lie side by side. `decoderShape` says which. A likelihood of values of different kinds has
 * an `outputShape` of its own instead, for x of one shape.
 */
import { reshape, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Tensor3D } from '@tensorflow/tfjs-core';
import type { LayerContext } from '../layers/layer.ts';
import type { ExampleShape, NamedTensors, NoiseSpec, ParameterSpec } from '../model.ts';
import type { Support } from './support.ts';

export interface Likelihood {
  /** As in the registry: `bernoulli`. */
  readonly name: string;
  readonly support: Support;
  readonly outputsPerValue: number;
  /** What a decoder gives, where that is not `outputsPerValue` numbers for each value of x. */
  readonly outputShape?: ExampleShape;
  /** Whether the values of an example depend on each other given z: shares of a whole. Default false. */
  readonly jointly?: boolean;
  /** Learned with the networks, such as one scale for all values. */
  readonly parameters: readonly ParameterSpec[];
  /**
   * -log p(x | z) in nats, [B], normalised, summed over the values of an example. x: [B, ...shape];
   * the decoder's output: [B, ...decoderShape]. All are borrowed; the result is new. `params` must
   * hold `parameters`. Finite for any x, padding rows of zeros among them. In training there is a
   * `context`, for one that learns from noisy examples.
   */
  negativeLogProb(
    x: Tensor,
    output: Tensor,
    params?: NamedTensors,
    context?: LayerContext,
  ): Tensor1D;
  /** Of `negativeLogProb` in training; names begin with `likelihood/`. */
  readonly noise?: Readonly<Record<string, NoiseSpec>>;
  /**
   * -log p of each value of x given z, [B, ...shape], where that is asked for: of columns. What they add
   * up to is `negativeLogProb`.
   */
  valueLosses?(x: Tensor, output: Tensor, params?: NamedTensors): Tensor;
  /** E[x | z], [B, ...shape]; of a column of categories the likeliest. May return its argument. */
  mean(output: Tensor, params?: NamedTensors): Tensor;
  /** What `sample` needs for x of this shape; names begin with `likelihood/`. */
  sampleNoise(shape: ExampleShape): Readonly<Record<string, NoiseSpec>>;
  /** x ~ p(x | z), [B, ...shape], a new tensor. */
  sample(output: Tensor, noise: NamedTensors, params?: NamedTensors): Tensor;
}

/** The shape of a decoder's output for x of `shape`. */
export function decoderShape(
  { outputsPerValue, outputShape }: Pick<Likelihood, 'outputsPerValue' | 'outputShape'>,
  shape: ExampleShape,
): ExampleShape {
  if (outputShape !== undefined) return outputShape;
  if (outputsPerValue === 1) return shape;
  return [...shape.slice(0, -1), (shape.at(-1) ?? 1) * outputsPerValue];
}

/** [B, ...shape] -> [B, size]. Returns its argument where that is two-dimensional already. */
export function flattenExamples(x: Tensor): Tensor2D {
  return x.rank === 2 ? (x as Tensor2D) : reshape(x, [x.shape[0] ?? 1, -1]);
}

/** [B, ...decoderShape] -> [B, size, outputsPerValue] */
export function outputsOfValues(output: Tensor, outputsPerValue: number): Tensor3D {
  return reshape(output, [output.shape[0] ?? 1, -1, outputsPerValue]);
}

/** [B, size] -> [B, ...shape], where `output` is [B, ...decoderShape]. */
export function likeExamples(values: Tensor, output: Tensor, outputsPerValue: number): Tensor {
  const last = output.shape.at(-1) ?? 1;
  return reshape(values, [...output.shape.slice(0, -1), last / outputsPerValue]);
}
