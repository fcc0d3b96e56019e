/** A model small enough to run anywhere at once, by which `doctor` sees whether an engine works. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFunction } from './engine.ts';
import { elementCount } from './buffers.ts';
import { gradientFunction } from './gradientFunction.ts';

const [inputs, hidden, microBatch] = [16, 32, 8];

/** An autoencoder with one hidden layer and squared error, and its gradients. */
export const probeFunction = (): TensorFunction =>
  gradientFunction(
    {
      name: 'probe',
      parameters: [
        { name: 'encoder', shape: [inputs, hidden] },
        { name: 'bias', shape: [hidden] },
        { name: 'decoder', shape: [hidden, inputs] },
      ],
      inputs: { x: [inputs] },
      noise: {},
      metrics: [],
      loss({ encoder, bias, decoder }, { x }) {
        const product = tf.matMul(x as Tensor2D, encoder as Tensor2D); // [B, hidden]
        const h = tf.tanh(tf.add(product, bias as Tensor)); // [B, hidden]
        const error = tf.squaredDifference(tf.matMul(h, decoder as Tensor2D), x as Tensor);
        return { loss: tf.sum<Tensor1D>(error, 1), metrics: {} };
      },
    },
    microBatch,
  );

/** Fixed values in (-0.5, 0.5) without a pattern that could hide a transposed axis. */
export function probeInputs(fn: TensorFunction): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(fn.inputs).map(([name, { shape }], index) => [
      name,
      Float32Array.from(
        { length: elementCount(shape) },
        (_, i) => ((i * 37 + index * 11) % 101) / 101 - 0.5,
      ),
    ]),
  );
}
