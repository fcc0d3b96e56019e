/** Convolutions of many geometries, their gradients, and layers of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LoweringCase } from './loweringCase.ts';

type Shape4 = [number, number, number, number];

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

/**
 * Some fit ORT's fast convolutions (channels, batch: multiples of 16), some do not. Some have images of few
 * channels or of few pixels, which the tensorflow engine has forms of its own for.
 */
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
  { size: 6, kernel: 4, stride: 2, channels: [8, 3] },
  { size: 4, kernel: 3, stride: 2, channels: [128, 130] },
  { size: 5, kernel: 4, stride: 3, channels: [130, 128] },
  { size: 5, kernel: 3, stride: 2, pad: 'valid', channels: [128, 128] },
  { size: 2, kernel: 3, channels: [128, 128] },
];

function casesOf(options: Conv): LoweringCase[] {
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
  const forward: LoweringCase[] = [
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
        const sums = [[0, 1, 2], [1, 2, 3], [0, 1, 3], [1]].map((axis) => tf.sum(h, axis)); // prettier-ignore
        const parts = [conv(h, b), h, tf.mean(h), tf.sum(h), ...sums];
        return tf.concat(parts.map((part) => tf.reshape(part, [-1])));
      },
      [y, w, [inC]],
    ],
  ];
}

export const convolutionCases: readonly LoweringCase[] = convolutions.flatMap(casesOf);
