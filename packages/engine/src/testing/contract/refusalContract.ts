import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { TensorFunction } from '../../engine.ts';
import { EngineError } from '../../errors.ts';
import { allocate } from '../../gradientError.ts';
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
