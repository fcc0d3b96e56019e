/** Each lowering computes what tfjs's own cpu kernel computes. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEagerEngine } from '../../eager/index.ts';
import type { Engine, TensorFunction } from '../../engine.ts';
import { elementCount } from '../../buffers.ts';
import { spread } from '../../testing/values.ts';
import { traceFunction } from '../../trace/traceFunction.ts';
import { simplify } from '../../simplify/simplify.ts';
import { createOnnxEngine } from '../onnxEngine.ts';
import { evaluate } from '../../testing/evaluate.ts';
import { loweringTable } from './allLowerings.ts';

type Op = (...inputs: Tensor[]) => Tensor;
/** Inputs are evenly spread in [-scale / 2, scale / 2). */
type Case = readonly [name: string, op: Op, shapes: readonly (readonly number[])[], scale?: number];

const shape = [3, 5];
const float = (x: Tensor): Tensor => tf.cast(x, 'float32');
const positive = (x: Tensor): Tensor => tf.add(tf.abs(x), 0.1);
const unit = (x: Tensor): Tensor => tf.mul(x, 0.19);
/** Integers around 0, so that ties and equal elements occur. */
const whole = (x: Tensor): Tensor => tf.floor(x);

const unary: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  ...{ Abs: tf.abs, Neg: tf.neg, Sign: tf.sign, Square: tf.square, Exp: tf.exp, Expm1: tf.expm1 },
  ...{ Sin: tf.sin, Cos: tf.cos, Tan: tf.tan, Atan: tf.atan, Sinh: tf.sinh, Cosh: tf.cosh },
  ...{ Tanh: tf.tanh, Asinh: tf.asinh, Relu: tf.relu, Relu6: tf.relu6, Elu: tf.elu },
  ...{ Selu: tf.selu, Sigmoid: tf.sigmoid, Softplus: tf.softplus, Erf: tf.erf, Ceil: tf.ceil },
  ...{ Floor: tf.floor, Round: tf.round, Reciprocal: tf.reciprocal },
  Sqrt: (x) => tf.sqrt(positive(x)),
  Rsqrt: (x) => tf.rsqrt(positive(x)),
  Log: (x) => tf.log(positive(x)),
  Log1p: (x) => tf.log1p(tf.abs(x)),
  Asin: (x) => tf.asin(unit(x)),
  Acos: (x) => tf.acos(unit(x)),
  Atanh: (x) => tf.atanh(unit(x)),
  Acosh: (x) => tf.acosh(tf.add(tf.abs(x), 1)),
  LeakyRelu: (x) => tf.leakyRelu(x, 0.3),
  Step: (x) => tf.add(tf.step(whole(x)), tf.step(whole(x), -2)),
  ClipByValue: (x) => tf.clipByValue(x, -1, 2),
  IsNan: (x) => float(tf.isNaN(tf.sqrt(x))),
  IsInf: (x) => float(tf.isInf(tf.div(x, tf.relu(x)))),
  IsFinite: (x) => float(tf.isFinite(tf.div(x, tf.relu(x)))),
  LogicalNot: (x) => float(tf.logicalNot(tf.greater(x, 0))),
  Softmax: (x) => tf.softmax(x),
  Reshape: (x) => tf.reshape(x, [5, 3]),
  Transpose: (x) => tf.transpose(x),
  Tile: (x) => tf.tile(x, [2, 3]),
  Reverse: (x) => tf.reverse(x, [1]),
  Slice: (x) => tf.slice(x, [1, 1], [2, 3]),
  StridedSlice: (x) => tf.stridedSlice(x, [0, 1], [3, 5], [2, 2]),
  Concat: (x) => tf.concat([x, tf.neg(x)], 1),
  Stack: (x) => tf.stack([x, tf.neg(x)], 1),
  PadV2: (x) => tf.pad(x, [[1, 2], [0, 1]], 7), // prettier-ignore
  MirrorPad: (x) => tf.mirrorPad(x as Tensor2D, [[2, 1], [0, 3]], 'reflect'), // prettier-ignore
  MirrorPadSymmetric: (x) => tf.mirrorPad(x as Tensor2D, [[2, 1], [0, 3]], 'symmetric'), // prettier-ignore
  Fill: (x) => tf.add(x, tf.fill([2, 3, 5], 1.5)),
  Cast: (x) => float(tf.cast(x, 'int32')),
  OneHot: (x) => float(tf.oneHot(tf.cast(x, 'int32'), 3, 2, -1)),
};

const binary: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
  ...{ Add: tf.add, Sub: tf.sub, Multiply: tf.mul, RealDiv: tf.div, Maximum: tf.maximum },
  ...{ Minimum: tf.minimum, SquaredDifference: tf.squaredDifference, Mod: tf.mod },
  Pow: (a, b) => tf.pow(positive(a), b),
  FloorDiv: (a, b) => float(tf.floorDiv(a, b)),
  Equal: (a, b) => float(tf.equal(whole(a), whole(b))),
  NotEqual: (a, b) => float(tf.notEqual(whole(a), whole(b))),
  Greater: (a, b) => float(tf.greater(whole(a), whole(b))),
  GreaterEqual: (a, b) => float(tf.greaterEqual(whole(a), whole(b))),
  Less: (a, b) => float(tf.less(whole(a), whole(b))),
  LessEqual: (a, b) => float(tf.lessEqual(whole(a), whole(b))),
  LogicalAnd: (a, b) => float(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0))),
  LogicalOr: (a, b) => float(tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0))),
  Prelu: (a, b) => tf.prelu(a, b),
  EluGrad: (a, b) => tf.engine().runKernel('EluGrad', { dy: a, y: tf.elu(b) }),
  Select: (a, b) => tf.where(tf.greater(a, b), a, b),
};

const reductions: Readonly<Record<string, (x: Tensor, axis?: number) => Tensor>> = {
  ...{ Sum: tf.sum, Prod: tf.prod, Mean: tf.mean, Max: tf.max, Min: tf.min },
  All: (x, axis) => float(tf.all(tf.greater(x, -1), axis)),
  Any: (x, axis) => float(tf.any(tf.greater(x, 1), axis)),
  SumOfBools: (x, axis) => float(tf.sum(tf.greater(x, 0), axis)),
  ArgMax: (x, axis) => float(tf.argMax(x, axis)),
  ArgMin: (x, axis) => float(tf.argMin(x, axis)),
};

const ids = (x: Tensor): Tensor1D => tf.cast(tf.floor(x), 'int32') as Tensor1D;
const absoluteIndices = (x: Tensor): Tensor => tf.cast(tf.abs(x), 'int32');

const other: readonly Case[] = [
  ['BatchMatMul', (a, b) => tf.matMul(a, b), [[3, 5], [5, 4]]],
  ['BatchMatMul transposed', (a, b) => tf.matMul(a, b, true, true), [[5, 3], [4, 5]]],
  ['_FusedMatMul', (a, b, bias) => tf.add(tf.matMul(a, b), bias), [[3, 5], [5, 4], [4]]],
  ['_FusedMatMul with relu', (a, b, bias) => tf.relu(tf.add(tf.matMul(a, b), bias)), [[3, 5], [5, 4], [4]]],
  ['_FusedMatMul of many', (a, b, bias) => tf.relu(tf.add(tf.matMul(a, b), bias)), [[2, 3, 5], [2, 5, 4], [4]]],
  ['BatchMatMul of one', (a, b) => tf.matMul(a, b, false, true), [[1, 3, 5], [1, 4, 5]]],
  ['BatchMatMul of many', (a, b) => tf.matMul(a, b), [[2, 3, 5], [2, 5, 4]]],
  ['BatchMatMul of many, transposed', (a, b) => tf.matMul(a, b, true, true), [[2, 5, 3], [2, 4, 5]]],
  ['BatchMatMul of many with one', (a, b) => tf.matMul(a, b, false, true), [[2, 3, 5], [1, 4, 5]]],
  ['GatherV2', (x, i) => tf.gather(x, absoluteIndices(i), 1), [[2, 3, 4], [5]]],
  ['GatherV2 batched', (x, i) => tf.gather(x, absoluteIndices(i), 1, 1), [[2, 3, 4], [2, 5]]],
  ['UnsortedSegmentSum', (x, s) => tf.unsortedSegmentSum(x, ids(s), 3), [[9, 2], [9]]],
  ['broadcast to four dimensions', (a, b) => tf.add(a, b), [[2, 4, 4, 3], [3]]],
]; // prettier-ignore

type Conv = readonly [name: string, size: number, kernel: number, stride: number, pad: 'same' | 'valid', dilation?: number, channels?: readonly [number, number]]; // prettier-ignore
const convolutions: readonly Conv[] = [
  ['3x3', 6, 3, 1, 'same'],
  ['3x3 stride 2', 6, 3, 2, 'same'],
  ['3x3 stride 2, odd side', 7, 3, 2, 'same'],
  ['3x3 stride 2, valid', 8, 3, 2, 'valid'],
  ['5x5 stride 3', 8, 5, 3, 'same'],
  ['4x4 stride 2', 6, 4, 2, 'same'],
  ['1x1', 4, 1, 1, 'same'],
  ['1x1 stride 2', 5, 1, 2, 'same'],
  ['3x3 dilated', 7, 3, 1, 'same', 2],
  ['3x3 stride 2, 16 to 32 channels', 6, 3, 2, 'same', 1, [16, 32]],
  ['3x3 stride 2, 1 to 32 channels', 8, 3, 2, 'same', 1, [1, 32]],
  ['3x3 stride 2, 32 to 1 channels', 8, 3, 2, 'same', 1, [32, 1]],
];

function convolutionCases(): Case[] {
  return convolutions.flatMap(
    ([name, size, kernel, stride, pad, dilation = 1, channels]): Case[] => {
      const [inC, outC] = channels ?? [3, 2];
      const out =
        pad === 'same' ? Math.ceil(size / stride) : Math.ceil((size - kernel + 1) / stride);
      const [x, w, y] = [
        [2, size, size, inC],
        [kernel, kernel, inC, outC],
        [2, out, out, outC],
      ];
      const conv = (image: Tensor, filter: Tensor): Tensor =>
        tf.conv2d(image as Tensor4D, filter as Tensor4D, stride, pad, 'NHWC', dilation);
      const grads = tf.grads(conv);
      const forward: Case = [`Conv2D ${name}`, conv, [x, w]];
      if (dilation !== 1) return [forward]; // tfjs has no gradient there
      return [
      forward,
      [`Conv2DBackpropInput ${name}`, (a, b, dy) => grads([a, b], dy)[0]!, [x, w, y]],
      [`Conv2DBackpropFilter ${name}`, (a, b, dy) => grads([a, b], dy)[1]!, [x, w, y]],
      [
        `layers of ${name}`,
        (a, b, bias) => tf.relu(tf.add(conv(tf.square(conv(a, b)), tf.transpose(b, [0, 1, 3, 2])), bias)),
        [x, w, [inC]],
      ],
    ]; // prettier-ignore
    },
  );
}

const allCases: readonly Case[] = [
  ...Object.entries(unary).map(([name, op]): Case => [name, op, [shape]]),
  ...Object.entries(binary).map(([name, op]): Case => [name, op, [shape, shape]]),
  ...Object.entries(binary)
    .filter(([name]) => name !== 'EluGrad')
    .map(([name, op]): Case => [
      `${name} broadcast`,
      op,
      [
        [2, 1, 5],
        [3, 1],
      ],
    ]),
  ...Object.entries(reductions).map(([name, op]): Case => [name, (x) => op(x, 1), [[3, 4, 2]]]),
  ...Object.entries(reductions)
    .filter(([name]) => !name.startsWith('Arg'))
    .map(([name, op]): Case => [`${name} of all`, (x) => op(x), [[3, 4, 2]]]),
  ...other,
  ...convolutionCases(),
];

const functionOf = ([, op, shapes]: Case): TensorFunction => ({
  inputs: Object.fromEntries(shapes.map((shape, i) => [`input${i}`, { shape }])),
  apply: (inputs) => ({ y: op(...Object.values(inputs)) }),
});

const inputsOf = ([, , shapes, scale = 5]: Case) =>
  Object.fromEntries(
    shapes.map((shape, i) => [
      `input${i}`,
      spread(elementCount(shape), i).map((value) => value * scale),
    ]),
  );

describe('every lowering', () => {
  let eager: Engine;
  beforeAll(async () => {
    eager = await createEagerEngine('cpu');
  });

  it.each(allCases.map((test): [string, Case] => [test[0], test]))('%s', async (_, test) => {
    const fn = functionOf(test);
    const [expected, actual] = [
      await evaluate(eager, fn, inputsOf(test)),
      await evaluate(createOnnxEngine(), fn, inputsOf(test)),
    ];
    const scale = Math.max(1, ...(expected['y'] ?? []).map(Math.abs));
    for (const [i, value] of (expected['y'] ?? []).entries()) {
      const got = actual['y']?.[i] ?? NaN;
      expect(Math.abs(got - value), `element ${i}: ${got} for ${value}`).toBeLessThan(2e-6 * scale);
    }
  });

  it('is in this table', () => {
    const seen = allCases.flatMap((test) => {
      const graph = traceFunction(functionOf(test));
      return [...graph.nodes, ...simplify(graph).nodes].map(({ kernel }) => kernel);
    });
    expect(Object.keys(loweringTable).filter((kernel) => !seen.includes(kernel))).toEqual([]);
  });
});

it('small numbers keep their digits in expm1, log1p and softplus', async () => {
  const fn: TensorFunction = {
    inputs: { x: { shape: [3] } },
    apply: ({ x }) => ({
      expm1: tf.expm1(x as Tensor3D),
      log1p: tf.log1p(x as Tensor3D),
      softplus: tf.softplus(tf.sub(-15, tf.abs(x as Tensor3D))),
    }),
  };
  const x = Float32Array.of(1e-7, 3e-5, -2e-6);
  const result = await evaluate(createOnnxEngine(), fn, { x });
  for (const [i, value] of x.entries()) {
    expect(result['expm1']![i]! / Math.expm1(value)).toBeCloseTo(1, 5);
    expect(result['log1p']![i]! / Math.log1p(value)).toBeCloseTo(1, 5);
    expect(result['softplus']![i]! / Math.log1p(Math.exp(-15))).toBeCloseTo(1, 4);
  }
});
