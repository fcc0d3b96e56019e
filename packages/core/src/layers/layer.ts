/**
 * A layer: parameter specs and a pure function of them. Layers compose by `sequential`; anything of
 * this shape is a layer, and a decoder is a layer from the latent to the data's shape.
 *
 * Ownership, here and in everything built on it: arguments are borrowed, the result is a new tensor
 * that the caller owns, and intermediates are gone. Each layer runs in a tfjs scope of its own name,
 * so that a tracer can say where an operation came from.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ExampleShape, NamedTensors, ParameterSpec } from '../model.ts';

export interface Layer {
  /** Of one example, without the batch. */
  readonly inputShape: ExampleShape;
  readonly outputShape: ExampleShape;
  readonly parameters: readonly ParameterSpec[];
  /** x: [B, ...inputShape] -> [B, ...outputShape] */
  apply(params: NamedTensors, x: Tensor): Tensor;
}
