import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createEngine } from './createEngine.ts';
import type { Engine } from './engine.ts';
import { runOnce } from './gradientError.ts';
import type { ModelWithFunctions } from './modelFunction.ts';
import { modelFunction } from './modelFunction.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine('eager:cpu');
});

const model = (apply: (params: Record<string, Tensor>) => unknown): ModelWithFunctions => ({
  name: 'toy',
  parameters: [{ name: 'w', shape: [2, 3] }],
  functions: {
    sample: {
      inputs: {},
      noise: { z: { shape: [2] } },
      outputs: { x: [3] },
      apply: (params, _, { z }) =>
        apply({ ...params, z: z as Tensor }) as Readonly<Record<string, Tensor>>,
    },
  },
});

test('runs over all examples at once, with noise as an argument', async () => {
  const fn = modelFunction(
    model(({ w, z }) => ({ x: tf.matMul(z as Tensor2D, w as Tensor2D), spare: z })),
    'sample',
    2,
  );
  const inputs = {
    'param/w': Float32Array.of(1, 2, 3, 4, 5, 6),
    'noise/z': Float32Array.of(0, 1, 1, 1),
  };
  expect(Object.keys(fn.inputs)).toEqual(Object.keys(inputs));
  expect(await runOnce(engine, fn, inputs)).toEqual({
    'output/x': Float32Array.of(4, 5, 6, 5, 7, 9),
  });
});

test.each([
  ['a tensor [2,2] of float32', ({ z }: Record<string, Tensor>) => ({ x: z })],
  ['undefined', () => ({})],
  ['undefined', () => undefined],
])('refuses an output that was not declared so: %s', async (got, apply) => {
  await expect(engine.compile(modelFunction(model(apply), 'sample', 2))).rejects.toMatchObject({
    code: 'MODEL_FUNCTION_OUTPUT',
    where: 'Output "x" of sample() of model "toy"',
    expected: 'a tensor [2,3] of float32',
    got,
  });
});

test('refuses a function that the model does not have', () => {
  expect(() =>
    modelFunction(
      model(() => ({})),
      'decode',
      2,
    ),
  ).toThrow(
    expect.objectContaining({
      code: 'MODEL_UNKNOWN_FUNCTION',
      expected: 'one of its functions (sample)',
    }),
  );
});
