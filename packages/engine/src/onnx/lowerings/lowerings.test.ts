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

type Shape4 = [number, number, number, number];
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
  ReluGrad: (a, b) => tf.grad((x: Tensor) => tf.relu(x))(tf.add(a, b), tf.mul(a, b)),
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
  ['BatchMatMul, a long sum', (a, b) => tf.matMul(a, b, true), [[256, 70], [256, 64]], 1],
  ['BatchMatMul of one', (a, b) => tf.matMul(a, b, false, true), [[1, 3, 5], [1, 4, 5]]],
  ['BatchMatMul of many', (a, b) => tf.matMul(a, b), [[2, 3, 5], [2, 5, 4]]],
  ['BatchMatMul of many, transposed', (a, b) => tf.matMul(a, b, true, true), [[2, 5, 3], [2, 4, 5]]],
  ['BatchMatMul of many with one', (a, b) => tf.matMul(a, b, false, true), [[2, 3, 5], [1, 4, 5]]],
  ['GatherV2', (x, i) => tf.gather(x, absoluteIndices(i), 1), [[2, 3, 4], [5]]],
  ['GatherV2 batched', (x, i) => tf.gather(x, absoluteIndices(i), 1, 1), [[2, 3, 4], [2, 5]]],
  ['UnsortedSegmentSum', (x, s) => tf.unsortedSegmentSum(x, ids(s), 3), [[9, 2], [9]]],
  ['broadcast to four dimensions', (a, b) => tf.add(a, b), [[2, 4, 4, 3], [3]]],
]; // prettier-ignore

interface Conv {
  readonly size: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly pad?: 'same' | 'valid';
  readonly dilation?: number;
  /** In and out. */
  readonly channels?: readonly [number, number];
  readonly batch?: number;
}

/** Some fit ORT's fast convolutions (channels, batch: multiples of 16), some do not. */
const convolutions: readonly Conv[] = [
  { size: 6, kernel: 3 },
  { size: 6, kernel: 3, stride: 2 },
  { size: 7, kernel: 3, stride: 2 },
  { size: 8, kernel: 3, stride: 2, pad: 'valid' },
  { size: 8, kernel: 5, stride: 3 },
  { size: 6, kernel: 4, stride: 2 },
  { size: 4, kernel: 1 },
  { size: 5, kernel: 1, stride: 2 },
  { size: 7, kernel: 3, dilation: 2 },
  { size: 6, kernel: 3, stride: 2, channels: [16, 32] },
  { size: 6, kernel: 3, stride: 2, channels: [16, 32], batch: 16 },
  { size: 7, kernel: 3, stride: 2, channels: [16, 16], batch: 16 },
  { size: 9, kernel: 3, stride: 2, pad: 'valid', channels: [16, 16], batch: 16 },
  { size: 8, kernel: 3, stride: 2, pad: 'valid', channels: [16, 16], batch: 16 },
  { size: 6, kernel: 3, channels: [32, 16], batch: 16 },
  { size: 6, kernel: 4, stride: 2, channels: [16, 16], batch: 16 },
  { size: 8, kernel: 5, stride: 3, channels: [16, 16], batch: 16 },
  { size: 5, kernel: 1, channels: [16, 16], batch: 16 },
  { size: 5, kernel: 1, stride: 2, channels: [16, 16], batch: 16 },
  { size: 6, kernel: 3, dilation: 2, channels: [16, 16], batch: 16 },
  { size: 8, kernel: 3, stride: 2, channels: [1, 32], batch: 16 },
  { size: 8, kernel: 3, stride: 2, channels: [3, 32], batch: 16 },
  { size: 8, kernel: 3, stride: 2, channels: [32, 1], batch: 16 },
  { size: 8, kernel: 3, stride: 2, channels: [16, 16], batch: 24 },
  { size: 8, kernel: 3, stride: 2, channels: [20, 16], batch: 16 },
];

function convolutionCases(): Case[] {
  return convolutions.flatMap((options): Case[] => {
    const { size, kernel, stride = 1, pad = 'same', dilation = 1, batch = 2 } = options;
    const [inC, outC] = options.channels ?? [3, 2];
    const name = JSON.stringify(options);
    const reach = dilation * (kernel - 1);
    const out = Math.ceil((pad === 'same' ? size : size - reach) / stride);
    const x = [batch, size, size, inC];
    const w = [kernel, kernel, inC, outC];
    const y = [batch, out, out, outC];
    const conv = (image: Tensor, filter: Tensor): Tensor4D =>
      tf.conv2d(image as Tensor4D, filter as Tensor4D, stride, pad, 'NHWC', dilation);
    const forward: Case[] = [
      [`Conv2D ${name}`, conv, [x, w]],
      [`FusedConv2D ${name}`, (a, b, bias) => tf.relu(tf.add(conv(a, b), bias)), [x, w, [outC]]],
    ];
    if (dilation !== 1) return forward; // tfjs has no gradient there
    const grads = tf.grads(conv);
    const byImage = (a: Tensor, b: Tensor, dy: Tensor): Tensor => grads([a, b], dy)[0] as Tensor;
    const byFilter = (a: Tensor, b: Tensor, dy: Tensor): Tensor => grads([a, b], dy)[1] as Tensor;
    const up = (dy: Tensor, filter: Tensor): Tensor4D =>
      tf.conv2dTranspose(dy as Tensor4D, filter as Tensor4D, x as Shape4, stride, pad);
    return [
      ...forward,
      [`Conv2DBackpropInput ${name}`, byImage, [x, w, y]],
      [`Conv2DBackpropFilter ${name}`, byFilter, [x, w, y]],
      [
        `FusedConv2DBackpropInput ${name}`,
        (dy, b, bias) => tf.relu(tf.add(up(dy, b), bias)),
        [y, w, [inC]],
      ],
      [
        `layers of ${name}`,
        (dy, b, bias) => {
          const h = tf.square(tf.add(up(dy, b), tf.mul(bias, 2))); // [x]
          const sums = tf.sum(h, [0, 1, 2]);
          return tf.concat([tf.reshape(conv(h, b), [-1]), sums, tf.reshape(h, [-1])]);
        },
        [y, w, [inC]],
      ],
    ];
  });
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

describe('what is not a number stays so, that training may stop', () => {
  const channels = 32;
  const image = [2, 4, 4, channels];
  const poisoned: Readonly<Record<string, readonly [Op, readonly (readonly number[])[]]>> = {
    'dense, relu': [(x, w, b) => tf.relu(tf.add(tf.matMul(x, w), b)), [[3, 5], [5, 4], [4]]],
    'relu and its gradient': [(x) => tf.grad((y: Tensor) => tf.square(tf.relu(y)))(x), [[3, 5]]],
    'convolution, relu': [
      (x, w, b) => tf.relu(tf.add(tf.conv2d(x as Tensor4D, w as Tensor4D, 1, 'same'), b)),
      [image, [1, 1, channels, channels], [channels]],
    ],
    'sum of softplus': [(x) => tf.sum(tf.softplus(x), 1), [[3, 5]]],
  }; // prettier-ignore

  it.each(Object.entries(poisoned))('%s', async (name, [op, shapes]) => {
    const test: Case = [name, op, shapes];
    const inputs = inputsOf(test);
    inputs['input0']?.set([NaN]);
    const [expected, actual] = [
      await evaluate(await createEagerEngine('cpu'), functionOf(test), inputs),
      await evaluate(createOnnxEngine(), functionOf(test), inputs),
    ];
    const places = (values?: Float32Array) => [...(values ?? [])].map(Number.isNaN);
    expect(places(expected['y'])).toContain(true);
    expect(places(actual['y'])).toEqual(places(expected['y']));
  });
});
