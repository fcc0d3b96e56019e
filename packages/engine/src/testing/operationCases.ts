/** The operations that models use between layers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { FunctionCase } from './functionCase.ts';

/** Of x + p: the gradient flows through one parameter of x's own shape. */
const unary = (name: string, apply: (x: Tensor) => Tensor, x: number[] = [3, 4]): FunctionCase => ({
  name,
  x,
  parameters: [x],
  apply: (input, p) => apply(tf.add(input, p)),
});

const positive = (x: Tensor): Tensor => tf.add(tf.abs(x), 0.5);

const binary = (name: string, apply: (a: Tensor, b: Tensor) => Tensor): FunctionCase[] => [
  { name, x: [3, 4], parameters: [[3, 4]], apply: (x, p) => apply(x, p) },
  { name: `${name}, broadcast`, x: [3, 4], parameters: [[3, 1]], apply: (x, p) => apply(p, x) },
  { name: `${name}, by a row`, x: [3, 4], parameters: [[4]], apply: (x, p) => apply(x, p) },
  { name: `${name}, by a scalar`, x: [3, 4], parameters: [[]], apply: (x, p) => apply(p, x) },
];

const toFloat = (x: Tensor): Tensor => tf.cast(x, 'float32');

export const elementwiseCases: readonly FunctionCase[] = [
  unary('abs', (x) => tf.abs(x)),
  unary('neg', (x) => tf.neg(x)),
  unary('sign', (x) => tf.add(tf.sign(x), x)),
  unary('square', (x) => tf.square(x)),
  unary('sqrt', (x) => tf.sqrt(positive(x))),
  unary('rsqrt', (x) => tf.rsqrt(positive(x))),
  unary('reciprocal', (x) => tf.reciprocal(positive(x))),
  unary('exp', (x) => tf.exp(x)),
  unary('expm1', (x) => tf.expm1(x)),
  unary('log', (x) => tf.log(positive(x))),
  unary('log1p', (x) => tf.log1p(tf.abs(x))),
  unary('sin', (x) => tf.sin(x)),
  unary('cos', (x) => tf.cos(x)),
  unary('logicalXor', (x) =>
    tf.mul(x, toFloat(tf.logicalXor(tf.greater(x, 0), tf.greater(x, 0.2)))),
  ),
  unary('cumprod, forwards', (x) => tf.add(x, tf.cumprod(tf.fill([3, 3, 4], 1.5), 2, true, true))),
  unary('pow by numbers', (x) => tf.add(tf.pow(x, 2), tf.pow(positive(x), -0.5))),
  unary('erf', (x) => tf.erf(x)),
  unary('clipByValue', (x) => tf.clipByValue(x, -0.2, 0.3)),
  unary('step', (x) => tf.mul(tf.step(x, 0.25), x)),
  unary('round, floor, ceil', (x) =>
    tf.add(x, tf.add(tf.round(tf.mul(x, 3)), tf.add(tf.floor(x), tf.ceil(x)))),
  ),
  ...binary('add', (a, b) => tf.add(a, b)),
  ...binary('sub', (a, b) => tf.sub(a, b)),
  ...binary('mul', (a, b) => tf.mul(a, b)),
  ...binary('div', (a, b) => tf.div(a, positive(b))),
  ...binary('pow', (a, b) => tf.pow(positive(a), b)),
  ...binary('maximum', (a, b) => tf.maximum(a, b)),
  ...binary('minimum', (a, b) => tf.minimum(a, b)),
  ...binary('squaredDifference', (a, b) => tf.squaredDifference(a, b)),
  ...binary('mod', (a, b) => tf.mod(a, positive(b))),
  ...binary('greater', (a, b) => tf.add(toFloat(tf.greater(a, b)), tf.mul(a, b))),
  ...binary('where', (a, b) => tf.where(tf.greaterEqual(a, b), a, tf.mul(b, 2))),
  ...binary('less, equal, logical', (a, b) => {
    const either = tf.logicalOr(tf.less(a, b), tf.logicalAnd(tf.lessEqual(b, a), tf.equal(a, b)));
    return tf.mul(toFloat(tf.logicalNot(tf.logicalAnd(either, tf.notEqual(a, b)))), tf.add(a, b));
  }),
];

export const shapeCases: readonly FunctionCase[] = [
  unary('sum over the last', (x) => tf.sum(x, -1)),
  unary('sum over two, kept', (x) => tf.sum(x, [1, 2], true)),
  unary('mean', (x) => tf.mean(x, 2)),
  unary('mean over two', (x) => tf.mean(x, [1, 2], true)),
  unary('max', (x) => tf.max(x, 1)),
  unary('min, kept', (x) => tf.min(x, 2, true)),
  unary('reshape', (x) => tf.reshape(x, [-1, 6, 2])),
  unary('squeeze, expandDims', (x) => tf.squeeze(tf.expandDims(x, 1), [1])),
  unary('transpose', (x) => tf.transpose(x, [0, 2, 1])),
  unary('tile', (x) => tf.tile(x, [1, 2, 3])),
  unary('concat', (x) => tf.concat([x, tf.square(x)], 1)),
  unary('concat of three, last axis', (x) => tf.concat([x, x, tf.neg(x)], -1)),
  unary('stack', (x) => tf.stack([x, tf.square(x)], 1)),
  unary('unstack', (x) => {
    const [first, second] = tf.unstack(x, 1);
    return tf.mul(first!, second!);
  }),
  unary('split', (x) => {
    const [left, right] = tf.split(x, [1, 3], 2);
    return tf.mul(left!, right!);
  }),
  unary('slice', (x) => tf.slice(x, [0, 1, 1], [-1, 2, 2])),
  unary('pad', (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 2],
        [0, 1],
      ],
      0.5,
    ),
  ),
  unary('prod', (x) => tf.prod(tf.add(x, 1), 1)),
  unary('prod over two, kept', (x) => tf.prod(tf.add(x, 1), [1, 2], true)),
  unary('max over two, kept', (x) => tf.max(x, [1, 2], true)),
  unary('min over the first of two', (x) => tf.min(x, 1)),
  unary('max where many are equal', (x) => tf.mul(tf.max(tf.relu(tf.sub(x, 0.21)), 2), 3)),
  unary('logSumExp over two', (x) => tf.logSumExp(x, [1, 2])),
  unary('norm', (x) => tf.norm(x, 'euclidean', 2)),
  unary('transpose of four dimensions', (x) => tf.transpose(x, [0, 3, 1, 2]), [2, 3, 4]),
  unary('cumsum', (x) => tf.cumsum(x, 2)),
  unary('cumsum, exclusive, backwards', (x) => tf.cumsum(x, 2, true, true)),
  unary('cumsum not over the last', (x) => tf.cumsum(x, 1, true)),
  unary('reverse', (x) => tf.mul(tf.reverse(x, 2), x)),
  unary('broadcastTo', (x) =>
    tf.mul(tf.broadcastTo(tf.expandDims(x, 2), [x.shape[0], 3, 2, 4]), 0.5),
  ),
  unary('tile of more than one', (x) => tf.mul(tf.tile(x, [1, 3, 2]), tf.range(0, 8))),
  unary('lower triangle', (x) => tf.linalg.bandPart(tf.tile(x, [1, 1, 1]), -1, 0), [4, 4]),
  unary(
    'a matrix of a vector',
    (x) => tf.matMul(tf.expandDims(x, 1), tf.diag(tf.tensor1d([1, 2, 3, 4]))),
    [4],
  ),
  unary('mirrorPad', (x) => tf.mirrorPad(x as Tensor3D, [[0, 0], [1, 2], [3, 1]], 'reflect')), // prettier-ignore
  unary('mirrorPad, symmetric', (x) => tf.mirrorPad(x as Tensor3D, [[0, 0], [1, 2], [3, 0]], 'symmetric')), // prettier-ignore
  unary('stridedSlice', (x) => tf.stridedSlice(x, [0, 1, 0], [99, 3, 4], [1, 1, 3])),
  unary('argMax, argMin', (x) =>
    tf.add(toFloat(tf.add(tf.argMax(x, 2), tf.argMin(x, 2))), tf.sum(x, 2)),
  ),
  unary('isNaN, any, all', (x) =>
    tf.add(
      toFloat(tf.any(tf.isNaN(x), [1, 2])),
      tf.add(toFloat(tf.all(tf.isFinite(x), [1, 2])), tf.sum(x, [1, 2])),
    ),
  ),
  {
    name: 'values that are not numbers, filled and counted',
    x: [4, 5],
    parameters: [[4, 5]],
    apply(x, p) {
      const gaps = tf.sqrt(x); // half of x is below zero
      const filled = tf.where(tf.isNaN(gaps), tf.tensor2d([[0, -1, 0, -1, 0]]), gaps);
      return tf.add(tf.mul(filled, p), tf.sub(1, toFloat(tf.isNaN(gaps))));
    },
  },
  unary('gather of the last', (x) => tf.gather(x, tf.tensor1d([3, 0, 0, 1], 'int32'), 2)),
  {
    name: 'gather of each its own',
    x: [5],
    parameters: [[3, 5, 2]],
    apply(x, table) {
      const places = tf.argMax(tf.stack([x, tf.neg(x)], 1), 2); // [B, 2]
      return tf.gather(table, places, 1, 1);
    },
  },
  {
    name: 'the nearest codes, straight through, and how often each is taken',
    x: [4, 3],
    parameters: [
      [5, 3],
      [4, 3],
    ],
    apply(x, codes, shift) {
      const z = tf.reshape(tf.add(x, shift), [-1, 3]); // [4 B, 3]
      const products = tf.mul(tf.matMul(z, codes, false, true), 2);
      const nearest = tf.argMin(tf.sub(tf.sum(tf.square(codes), 1), products), 1);
      const chosen = tf.cast(tf.oneHot(nearest, 5), 'float32'); // [4 B, 5]
      const through = tf.customGrad((_from, to) => ({
        value: tf.clone(to as Tensor),
        gradFunc: (dy: Tensor) => [dy, tf.zerosLike(dy)],
      }));
      const quantized = through(z, tf.matMul(chosen, codes));
      const counts = tf.sum(tf.reshape(chosen, [-1, 4, 5]), 1); // [B, 5]
      const commitment = tf.sum(tf.squaredDifference(z, tf.matMul(chosen, codes)), 1);
      const rows = [tf.reshape(quantized, [-1, 12]), counts, tf.reshape(commitment, [-1, 4])];
      return tf.concat(rows, 1);
    },
  },
  unary('fill, zerosLike, onesLike', (x) =>
    tf.add(tf.mul(x, tf.onesLike(x)), tf.add(tf.zerosLike(x), tf.fill([3, 4], 0.25))),
  ),
  unary('constants', (x) => tf.mul(x, tf.tensor([1, 2, -3, 0.5]))),
  unary('range, linspace', (x) => tf.add(tf.mul(x, tf.range(0, 4)), tf.linspace(0, 1, 4))),
  unary('addN', (x) => tf.addN([x, x, tf.square(x)])),
  unary('gather', (x) => tf.gather(x, tf.tensor1d([2, 0, 2], 'int32'), 1)),
  {
    name: 'embedding by oneHot',
    x: [],
    parameters: [[10, 3]],
    apply(x, table) {
      const label = tf.cast(tf.floor(tf.mul(tf.add(x, 0.5), 10)), 'int32'); // [B]
      return tf.matMul(tf.cast(tf.oneHot(label, 10), 'float32'), table);
    },
  },
  {
    name: 'embedding by gather',
    x: [],
    parameters: [[10, 3]],
    apply: (x, table) =>
      tf.gather(table as Tensor2D, tf.cast(tf.floor(tf.mul(tf.add(x, 0.5), 10)), 'int32')),
  },
  {
    name: 'customGrad',
    x: [4],
    parameters: [[4]],
    apply(x, p) {
      const straightThrough = tf.customGrad((t) => ({
        value: tf.round(tf.mul(t as Tensor, 4)),
        gradFunc: (dy) => dy,
      }));
      return straightThrough(tf.add(x, p));
    },
  },
  {
    name: 'moments over channels',
    x: [2, 3, 4],
    parameters: [[4], [4]],
    apply(x, gain, bias) {
      const { mean, variance } = tf.moments(x, [1, 2], true);
      const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3)));
      return tf.add(tf.mul(normal, gain), bias);
    },
  },
  {
    name: 'gradient inside the loss',
    x: [4],
    parameters: [[4]],
    apply(x, p) {
      const slope = tf.grad((t) => tf.sum(tf.mul(tf.square(t), tf.square(p))));
      return slope(x);
    },
  },
];

/** The compiler may refuse these, by name; if it does not, it must be right. */
export const optionalCases: readonly FunctionCase[] = [
  unary('tan, atan, sinh, cosh', (x) =>
    tf.add(tf.add(tf.tan(x), tf.atan(x)), tf.add(tf.sinh(x), tf.cosh(x))),
  ),
  unary('asin, acos', (x) => tf.sub(tf.asin(tf.mul(x, 0.5)), tf.acos(tf.mul(x, 0.5)))),
  unary('asinh, atanh', (x) => tf.add(tf.asinh(x), tf.atanh(tf.mul(x, 0.5)))),
  unary('acosh', (x) => tf.acosh(tf.add(tf.abs(x), 1.5))),
  ...binary('atan2', (a, b) => tf.atan2(a, b)),
  ...binary('floorDiv', (a, b) =>
    tf.add(tf.mul(a, b), tf.cast(tf.floorDiv(a, positive(b)), 'float32')),
  ),
];
