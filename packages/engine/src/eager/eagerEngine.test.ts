import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Engine, TensorFunction } from '../engine.ts';
import { allocate, runOnce } from '../gradientError.ts';
import { createEagerEngine } from './eagerEngine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEagerEngine('cpu');
});

const x = Float32Array.of(3, 1, 2);
const function1 = (apply: (x: Tensor) => Tensor): TensorFunction => ({
  inputs: { x: { shape: [3] } },
  apply: (inputs) => ({ y: apply(inputs['x'] as Tensor) }),
});

test('runs kernels that no compiler knows', async () => {
  const fn = function1((x) => tf.topk(x, 2).values);
  expect((await engine.compile(fn)).outputs).toEqual({ y: { shape: [2] } });
  expect(await runOnce(engine, fn, { x })).toEqual({ y: Float32Array.of(3, 2) });
});

test('runs JavaScript control flow on values', async () => {
  const fn = function1((x) => ((x.dataSync()[0] ?? 0) > 0 ? tf.neg(x) : x));
  expect(await runOnce(engine, fn, { x })).toEqual({ y: Float32Array.of(-3, -1, -2) });
});

test('refuses at run time a function other than the compiled one', async () => {
  const compiled = await engine.compile(function1((x) => x));
  const executable = await engine.load(compiled, async () => function1((x) => tf.sum(x)));
  const run = executable.bind({ x }, allocate(executable.outputs)).run();
  await expect(run).rejects.toMatchObject({ code: 'ENGINE_FUNCTION_CHANGED' });
});

test('keeps no tensors when the function throws', async () => {
  const compiled = await engine.compile(function1((x) => x));
  const broken = function1((x) => {
    tf.square(x);
    throw new Error('broken');
  });
  const executable = await engine.load(compiled, async () => broken);
  const { numTensors } = tf.memory();
  const run = executable.bind({ x }, allocate(executable.outputs)).run();
  await expect(run).rejects.toThrow('broken');
  expect(tf.memory().numTensors).toBe(numTensors);
});
