/** One kernel, or a few, as a function of tensors: what tests of lowerings compare with tfjs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { elementCount } from '../../buffers.ts';
import type { TensorFunction } from '../../engine.ts';
import type { Shape } from '../../shape.ts';
import { spread } from '../values.ts';

export type Operation = (...inputs: Tensor[]) => Tensor;

/** Inputs are evenly spread in [-scale / 2, scale / 2); scale is 5 by default. */
export type LoweringCase = readonly [
  name: string,
  operation: Operation,
  shapes: readonly Shape[],
  scale?: number,
];

export const functionOf = ([, operation, shapes]: LoweringCase): TensorFunction => ({
  inputs: Object.fromEntries(shapes.map((shape, i) => [`input${i}`, { shape }])),
  apply: (inputs) => ({ y: operation(...Object.values(inputs)) }),
});

export const inputsOf = ([, , shapes, scale = 5]: LoweringCase): Record<string, Float32Array> =>
  Object.fromEntries(
    shapes.map((shape, i) => [
      `input${i}`,
      spread(elementCount(shape), i).map((value) => value * scale),
    ]),
  );
