import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from './createEngine.ts';
import type { Engine } from './engine.ts';
import { EngineError } from './errors.ts';
import { runOnce } from './gradientError.ts';
import type { DifferentiableModel } from './gradientFunction.ts';
import { gradientFunction, lossFunction } from './gradientFunction.ts';
import { mlpVae } from './testing/models.ts';
import { inputsFor } from './testing/values.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine('eager:cpu');
});

const model = mlpVae(6, 5, 2);

test('names and shapes of everything that crosses the border', async () => {
  const fn = gradientFunction(model, 4);
  const { inputs, outputs } = await engine.compile(fn);
  const parameters = model.parameters.map(({ name, shape }) => ({ name, spec: { shape } }));
  expect(inputs).toEqual({
    ...Object.fromEntries(parameters.map(({ name, spec }) => [`param/${name}`, spec])),
    'batch/x': { shape: [4, 6] },
    'noise/eps': { shape: [4, 2] },
    weight: { shape: [4] },
  });
  expect(Object.keys(outputs)).toEqual([
    ...parameters.map(({ name }) => `grad/${name}`),
    'metrics',
  ]);
  for (const { name, spec } of parameters) expect(outputs[`grad/${name}`]).toEqual(spec);
  expect(outputs['metrics']).toEqual({ shape: [3] });
});

test('gradients are those of the weighted sum of losses: central differences', async () => {
  const inputs = inputsFor(gradientFunction(model, 4));
  inputs['weight']!.set([1, 0.5, 2, 0]);
  const gradients = await runOnce(engine, gradientFunction(model, 4), inputs);
  const lossAt = async (name: string, index: number, value: number): Promise<number> => {
    const moved = { ...inputs, [name]: inputs[name]!.slice() };
    moved[name]![index] = value;
    return (await runOnce(engine, lossFunction(model, 4), moved))['metrics']![0]!;
  };
  const step = 2 ** -7;
  for (const { name } of model.parameters) {
    const input = `param/${name}`;
    for (const index of [0, inputs[input]!.length - 1]) {
      const value = inputs[input]![index]!;
      const [above, below] = [
        await lossAt(input, index, value + step),
        await lossAt(input, index, value - step),
      ];
      const expected = (above - below) / (2 * step);
      // float32 losses of about 10: rounding alone gives 1e-4.
      expect(Math.abs(gradients[`grad/${name}`]![index]! - expected), name).toBeLessThan(2e-3);
    }
  }
});

test('metrics are weighted sums, the loss first', async () => {
  const twoMetrics: DifferentiableModel = {
    name: 'sums',
    parameters: [{ name: 'p', shape: [] }],
    inputs: { x: [] },
    noise: {},
    metrics: ['second', 'first'],
    loss: ({ p }, { x }) => ({
      loss: tf.mul<Tensor1D>(p as Tensor, x as Tensor),
      metrics: { first: x as Tensor1D, second: tf.square(x as Tensor1D) },
    }),
  };
  const inputs = {
    'param/p': Float32Array.of(3),
    'batch/x': Float32Array.of(1, 2, 4),
    weight: Float32Array.of(1, 10, 0),
  };
  expect(await runOnce(engine, gradientFunction(twoMetrics, 3), inputs)).toEqual({
    'grad/p': Float32Array.of(1 + 20),
    metrics: Float32Array.of(3 * (1 + 20), 1 + 40, 1 + 20),
  });
});

describe('a loss that breaks the contract is refused', () => {
  const compile = (loss: unknown, metrics: readonly string[] = []) =>
    engine.compile(
      gradientFunction({ ...model, metrics, loss: loss as DifferentiableModel['loss'] }, 4),
    );
  const perExample = () => tf.zeros([4]);

  test.each([
    [
      'MODEL_LOSS_SHAPE',
      'a tensor [] of float32',
      'Do not sum or average over the batch',
      () => tf.scalar(1),
    ],
    ['MODEL_LOSS_SHAPE', 'a tensor [4,1] of float32', 'tf.squeeze', () => tf.zeros([4, 1])],
    ['MODEL_LOSS_SHAPE', 'a tensor [3] of float32', 'Keep the batch', () => tf.zeros([3])],
    ['MODEL_LOSS_SHAPE', 'a tensor [4] of int32', 'Cast it', () => tf.zeros([4], 'int32')],
    ['MODEL_LOSS_SHAPE', 'a number', 'Return a tensor', () => 3],
    ['MODEL_LOSS_RESULT', 'an object', 'Return one loss for each example', () => undefined],
  ])('%s: loss is %s', async (code, got, fix, loss) => {
    await expect(compile(() => ({ loss: loss(), metrics: {} }))).rejects.toMatchObject({
      code,
      got,
      where: 'loss() of model "mlpVae"',
      fix: expect.stringContaining(fix) as string,
    });
  });

  test.each([
    ['a promise', 'not async', async () => ({ loss: perExample(), metrics: {} })],
    ['undefined', 'Return one loss', () => undefined],
    ['a tensor [4] of float32', 'Return one loss', perExample],
    ['metrics: undefined', 'Return one loss', () => ({ loss: perExample() })],
  ])('MODEL_LOSS_RESULT: %s', async (got, fix, loss) => {
    await expect(compile(loss)).rejects.toMatchObject({
      code: 'MODEL_LOSS_RESULT',
      got,
      fix: expect.stringContaining(fix) as string,
    });
  });

  test('MODEL_METRICS: missing and extra names', async () => {
    const loss = () => ({ loss: perExample(), metrics: { kl: perExample(), klx: perExample() } });
    await expect(compile(loss, ['kl', 'reconstruction'])).rejects.toMatchObject({
      code: 'MODEL_METRICS',
      expected: 'exactly the metrics that the model declares (kl, reconstruction)',
      got: 'kl, klx',
      fix: "Return reconstruction. Add klx to the model's `metrics`.",
    });
  });

  test('MODEL_THREW: whatever else the model throws, with the shapes it was given', async () => {
    const mistake = new TypeError('z is not iterable');
    const loss = () => {
      throw mistake;
    };
    const error = await compile(loss).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 'MODEL_THREW',
      where: 'loss() of model "mlpVae"',
      got: 'TypeError: z is not iterable',
      fix: expect.stringMatching(
        /it was given param\/encoder\/w \[6,5\].*batch\/x \[4,6\]/,
      ) as string,
      cause: mistake,
    });
  });

  test('MODEL_NO_PARAMETERS: nothing to train', () => {
    expect(() => gradientFunction({ ...model, parameters: [] }, 4)).toThrow(
      expect.objectContaining({ code: 'MODEL_NO_PARAMETERS' }),
    );
  });

  test('MODEL_NO_GRADIENT: a loss that uses no parameter', async () => {
    const loss = () => ({ loss: perExample(), metrics: {} });
    await expect(compile(loss)).rejects.toMatchObject({
      code: 'MODEL_NO_GRADIENT',
      got: 'one that uses none of them',
    });
  });

  test('a metric of the wrong shape, by name', async () => {
    const loss = () => ({ loss: perExample(), metrics: { kl: tf.zeros([4, 2]) } });
    await expect(compile(loss, ['kl'])).rejects.toMatchObject({
      code: 'MODEL_LOSS_SHAPE',
      where: 'Metric "kl" of model "mlpVae"',
    });
  });

  test('MODEL_UNKNOWN_TENSOR: reading what the model does not declare', async () => {
    const loss = (_: unknown, { label }: Record<string, Tensor>) => ({ loss: label, metrics: {} });
    const error: unknown = await compile(loss).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({
      code: 'MODEL_UNKNOWN_TENSOR',
      expected: 'one of the inputs it declares (x)',
      got: '"label"',
    });
  });
});
