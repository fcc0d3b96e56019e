/** One operation or layer as a model, so that every engine can be asked for its gradients. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { DifferentiableModel } from '../gradientFunction.ts';

export interface FunctionCase {
  readonly name: string;
  /** Shape of one example. */
  readonly x: readonly number[];
  readonly parameters: readonly (readonly number[])[];
  /** From x [B, ...] and the parameters p0, p1 ... to a float32 tensor [B, ...]. */
  apply(this: void, x: Tensor, ...parameters: Tensor[]): Tensor;
}

/** loss = sum of y² + 0.3 y over all dimensions but the first: no gradient vanishes by symmetry. */
export function caseModel({ name, x, parameters, apply }: FunctionCase): DifferentiableModel {
  return {
    name,
    parameters: parameters.map((shape, index) => ({ name: `p${index}`, shape })),
    inputs: { x },
    noise: {},
    metrics: ['sum'],
    loss(params, batch) {
      const tensors = parameters.map((_, index) => params[`p${index}`] as Tensor);
      const y = apply(batch['x'] as Tensor, ...tensors); // [B, ...]
      const rest = y.shape.slice(1).map((_, dim) => dim + 1);
      const sum = tf.sum<Tensor1D>(y, rest);
      const loss = tf.add(tf.sum<Tensor1D>(tf.square(y), rest), tf.mul(sum, 0.3));
      return { loss: loss as Tensor1D, metrics: { sum } };
    },
  };
}
