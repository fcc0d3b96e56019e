import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { startBackend } from './eager/backends.ts';
import { registerGradients } from './registerGradients.ts';

beforeAll(async () => {
  await startBackend('cpu');
  registerGradients();
});

const gradient = (f: (x: Tensor) => Tensor, x: number[]) => [
  ...tf
    .grad((t: Tensor) => tf.sum(f(t)))(tf.tensor1d(x))
    .dataSync(),
];

test('a mask of a parameter has gradient zero, and lets the rest through', () => {
  const masked = (mask: (x: Tensor) => Tensor) => (x: Tensor) =>
    tf.mul(tf.cast(mask(x), 'float32'), x);
  expect(
    gradient(
      masked((x) => tf.greater(x, 0)),
      [-2, 3],
    ),
  ).toEqual([0, 1]);
  expect(
    gradient(
      masked((x) => tf.logicalNot(tf.less(x, 0))),
      [-2, 3],
    ),
  ).toEqual([0, 1]);
  expect(gradient((x) => tf.where(tf.lessEqual(x, 1), tf.square(x), x), [-2, 3])).toEqual([-4, 1]);
  expect(gradient((x) => tf.cast(tf.any(tf.notEqual(x, 1)), 'float32'), [1, 3])).toEqual([0, 0]);
});

test('gradients of broadcast operands are summed over what was broadcast', () => {
  const matrix = tf.tensor2d([[1, -1], [5, 5], [0, 2]]); // prettier-ignore
  const of = (f: (x: Tensor) => Tensor) => gradient(f, [0, 4]);
  expect(of((row) => tf.maximum(matrix, row))).toEqual([0, 2]);
  expect(of((row) => tf.minimum(row, matrix))).toEqual([3, 1]);
  // 2 (row - matrix), summed over rows
  expect(of((row) => tf.squaredDifference(row, matrix))).toEqual([-12, 12]);
});

test('gradients that call methods of tensors find them', () => {
  expect(gradient((x) => tf.prod(x), [2, 3, 4])).toEqual([12, 8, 6]);
});
