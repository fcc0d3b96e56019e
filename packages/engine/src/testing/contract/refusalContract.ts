import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { TensorFunction } from '../../engine.ts';
import { EngineError } from '../../errors.ts';
import { allocate, runOnce } from '../../gradientError.ts';
import type { DifferentiableModel } from '../../gradientFunction.ts';
import { gradientFunction, lossFunction } from '../../gradientFunction.ts';
import { mlpVae } from '../models.ts';
import { inputsFor } from '../values.ts';
import { load, type EngineUnderTest } from './engineUnderTest.ts';

export function refusalContract(engine: EngineUnderTest): void {
  describe('refuses, saying why,', () => {
    const fn = lossFunction(mlpVae(4, 3, 2), 2);

    test.each([
      ['ENGINE_BUFFER_MISSING', (b: Record<string, Float32Array>) => delete b['weight']],
      ['ENGINE_BUFFER_LENGTH', (b) => (b['weight'] = new Float32Array(3))],
      ['ENGINE_BUFFER_UNKNOWN', (b) => (b['batch/y'] = new Float32Array(2))],
      ['ENGINE_BUFFER_TYPE', (b) => (b['weight'] = new Float64Array(2) as unknown as Float32Array)],
    ] as [string, (buffers: Record<string, Float32Array>) => unknown][])(
      'buffers that do not fit: %s',
      async (code, spoil) => {
        const executable = await load(engine(), fn);
        const inputs = inputsFor(fn);
        spoil(inputs);
        const bind = () => executable.bind(inputs, allocate(executable.outputs));
        expect(bind).toThrow(EngineError);
        expect(bind).toThrow(expect.objectContaining({ code }));
        await executable.dispose();
      },
    );

    test('a loss of the wrong shape', async () => {
      const model: DifferentiableModel = {
        ...mlpVae(4, 3, 2),
        loss: () => ({ loss: tf.scalar(1) as unknown as Tensor1D, metrics: {} }),
      };
      await expect(engine().compile(gradientFunction(model, 2))).rejects.toMatchObject({
        code: 'MODEL_LOSS_SHAPE',
      });
    });

    test('a graph that it cannot run, naming the kernel and an engine that has it', async () => {
      const largest: TensorFunction = {
        inputs: { x: { shape: [4] } },
        apply: ({ x }) => ({ y: tf.topk(x as Tensor, 2).values }),
      };
      const run = runOnce(engine(), largest, { x: Float32Array.of(1, 4, 2, 3) });
      // Engines that run tfjs's own kernels have them all.
      if (engine().name.startsWith('eager:')) {
        const outcome = await run.catch((error: unknown) => error);
        if (!(outcome instanceof Error)) expect(outcome).toEqual({ y: Float32Array.of(4, 3) });
        else expect(outcome).toMatchObject({ message: expect.stringContaining('TopK') as string });
        return;
      }
      await expect(run).rejects.toMatchObject({
        code: expect.stringMatching(/^ENGINE_(UNSUPPORTED_KERNEL|NO_LOWERING)$/) as string,
        message: expect.stringMatching(/TopK.*eager:cpu/) as string,
      });
    });

    test('hidden randomness', async () => {
      const random = { inputs: {}, apply: () => ({ x: tf.randomNormal([2]) }) };
      await expect(engine().compile(random)).rejects.toMatchObject({
        code: 'MODEL_HIDDEN_RANDOMNESS',
      });
    });

    test('an output with the name of an input', async () => {
      const echo: TensorFunction = {
        inputs: { x: { shape: [2] } },
        apply: ({ x }) => ({ x: x as Tensor }),
      };
      await expect(engine().compile(echo)).rejects.toMatchObject({
        code: 'ENGINE_FUNCTION_OUTPUT',
      });
    });

    test('outputs that are no float tensors', async () => {
      const integers = { inputs: {}, apply: () => ({ x: tf.zeros([2], 'int32') }) };
      await expect(engine().compile(integers)).rejects.toMatchObject({
        code: 'ENGINE_FUNCTION_OUTPUT',
      });
    });
  });
}
