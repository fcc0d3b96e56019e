import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { TensorFunction } from '../../engine.ts';
import { runOnce } from '../../gradientError.ts';
import type { DifferentiableModel } from '../../gradientFunction.ts';
import { gradientFunction } from '../../gradientFunction.ts';
import { modelFunction } from '../../modelFunction.ts';
import { caseModel } from '../functionCase.ts';
import { inputsFor } from '../values.ts';
import type { EngineUnderTest } from './engineUnderTest.ts';

export function functionContract(engine: EngineUnderTest): void {
  describe('functions of every kind', () => {
    const twoParameters: DifferentiableModel = {
      ...caseModel({ name: 'unused', x: [2], parameters: [[2], [3]], apply: (x) => x }),
      loss: (params, batch) => {
        const loss = tf.sum<Tensor1D>(tf.mul(batch['x'] as Tensor, params['p0'] as Tensor), 1);
        return { loss, metrics: { sum: tf.mul(loss, tf.sum(params['p1'] as Tensor)) } };
      },
    };

    test('a parameter that the loss ignores has gradient zero', async () => {
      const fn = gradientFunction(twoParameters, 2);
      const results = await runOnce(engine(), fn, inputsFor(fn));
      expect(results['grad/p1']).toEqual(new Float32Array(3));
      expect(results['grad/p0']).not.toEqual(new Float32Array(2));
    });

    test('outputs may be inputs, constants and each other', async () => {
      const fn: TensorFunction = {
        inputs: { x: { shape: [2, 2] }, unused: { shape: [3] } },
        apply({ x }) {
          const square = tf.square(x as Tensor);
          return {
            same: x as Tensor,
            one: tf.scalar(1),
            zeros: tf.zeros([2]),
            square,
            again: square,
          };
        },
      };
      const inputs = { x: Float32Array.of(1, 2, 3, 4), unused: new Float32Array(3) };
      expect(await runOnce(engine(), fn, inputs)).toEqual({
        same: inputs.x,
        one: Float32Array.of(1),
        zeros: new Float32Array(2),
        square: Float32Array.of(1, 4, 9, 16),
        again: Float32Array.of(1, 4, 9, 16),
      });
    });

    test("a model's other functions run too", async () => {
      const model = {
        name: 'decoder',
        parameters: [{ name: 'w', shape: [2, 3] }],
        functions: {
          decode: {
            inputs: { z: [2] },
            noise: {},
            outputs: { x: [3] },
            apply: (params: Record<string, Tensor>, inputs: Record<string, Tensor>) => ({
              x: tf.matMul(inputs['z'] as Tensor2D, params['w'] as Tensor2D),
            }),
          },
        },
      };
      const inputs = {
        'param/w': Float32Array.of(1, 2, 3, 4, 5, 6),
        'batch/z': Float32Array.of(1, 0, 0, 1),
      };
      expect(await runOnce(engine(), modelFunction(model, 'decode', 2), inputs)).toEqual({
        'output/x': Float32Array.of(1, 2, 3, 4, 5, 6),
      });
    });
  });
}
