/** What every engine must do, whatever runs beneath it. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from '../createEngine.ts';
import type { Engine, Executable, TensorFunction } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { allocate, gradientError, relativeError, runOnce } from '../gradientError.ts';
import type { DifferentiableModel } from '../gradientFunction.ts';
import { gradientFunction, lossFunction } from '../gradientFunction.ts';
import { modelFunction } from '../modelFunction.ts';
import { caseModel } from './functionCase.ts';
import { activationCases, layerCases } from './layerCases.ts';
import { likelihoodCases } from './likelihoodCases.ts';
import { convVae, mlpVae } from './models.ts';
import { elementwiseCases, optionalCases, shapeCases } from './operationCases.ts';
import { sharedBuffers } from './sharedMemory.ts';
import { inputsFor, spread } from './values.ts';

/** Largest error of one tensor, relative to its norm (see gradientError). */
const tolerance = 1e-5;

/** By the tracer, and by a lowering. */
const refusals = ['ENGINE_UNSUPPORTED_KERNEL', 'ENGINE_NO_LOWERING'];

export function engineContract(name: string): void {
  describe(`engine ${name}`, () => {
    let engine: Engine;
    let reference: Engine;

    beforeAll(async () => {
      reference = await createEngine('eager:cpu');
      engine = await createEngine(name);
    });

    const load = async (fn: TensorFunction): Promise<Executable> =>
      engine.load(structuredClone(await engine.compile(fn)), async () => fn);

    test('has the name it was asked for by', () => {
      expect(engine.name).toBe(name);
    });

    describe('gradients agree with tfjs', () => {
      test.each([
        ...[...layerCases, ...activationCases, ...likelihoodCases].map(caseModel),
        ...[...elementwiseCases, ...shapeCases].map(caseModel),
        mlpVae(20, 12, 4),
        convVae(8, 4, 2),
      ])('$name', async (model) => {
        const fn = gradientFunction(model, 3);
        const { error, outputs } = await gradientError(engine, reference, fn, inputsFor(fn));
        expect(error, JSON.stringify(outputs)).toBeLessThan(tolerance);
      });

      test.each(optionalCases.map(caseModel))('or the kernel is named: $name', async (model) => {
        const fn = gradientFunction(model, 3);
        try {
          const { error } = await gradientError(engine, reference, fn, inputsFor(fn));
          expect(error).toBeLessThan(tolerance);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect(refusals).toContain((error as EngineError).code);
        }
      });
    });

    describe.each([mlpVae(20, 12, 4), convVae(8, 4, 2)])('running $name', (model) => {
      const fn = gradientFunction(model, 5);

      test('gives the same bits every time, and from every load', async () => {
        const first = await runOnce(engine, fn, inputsFor(fn));
        const executable = await load(fn);
        const outputs = allocate(executable.outputs);
        const bound = executable.bind(inputsFor(fn), outputs);
        for (let run = 0; run < 5; run++) {
          for (const buffer of Object.values(outputs)) buffer.fill(NaN);
          await bound.run();
          expect(outputs).toEqual(first);
        }
        await executable.dispose();
      });

      test('reads and writes shared memory in place, at the time of the run', async () => {
        const executable = await load(fn);
        const inputs = sharedBuffers(executable.inputs);
        const outputs = sharedBuffers(executable.outputs);
        const bound = executable.bind(inputs, outputs);
        for (const seed of [1, 2]) {
          const values = inputsFor(fn, seed);
          for (const [input, buffer] of Object.entries(inputs)) buffer.set(values[input]!);
          await bound.run();
          expect(copies(outputs)).toEqual(await runOnce(engine, fn, values));
        }
        await executable.dispose();
      });

      test('one executable serves several sets of buffers', async () => {
        const executable = await load(fn);
        const inputs = [inputsFor(fn, 1), inputsFor(fn, 2)];
        const outputs = inputs.map(() => allocate(executable.outputs));
        const bound = inputs.map((buffers, i) => executable.bind(buffers, outputs[i]!));
        for (const i of [0, 1, 0]) await bound[i]!.run();
        expect(outputs[0]).toEqual(await runOnce(engine, fn, inputs[0]!));
        expect(outputs[1]).toEqual(await runOnce(engine, fn, inputs[1]!));
        await executable.dispose();
      });

      test('leaves no tensors behind', async () => {
        const executable = await load(fn);
        const bound = executable.bind(inputsFor(fn), allocate(executable.outputs));
        await bound.run();
        const { numTensors } = tf.engine().state;
        for (let run = 0; run < 30; run++) await bound.run();
        expect(tf.engine().state.numTensors).toBe(numTensors);
        await executable.dispose();
      });

      test('an example of weight 0 contributes nothing', async () => {
        const garbled = inputsFor(fn);
        garbled['weight']!.set([1, 1, 1, 0, 0]);
        const results = [await runOnce(engine, fn, garbled)];
        // Other examples where the weight is 0: the same bits.
        for (const [input, buffer] of Object.entries(garbled)) {
          if (!/^(batch|noise)/.test(input)) continue;
          const perExample = buffer.length / 5;
          buffer.set(spread(perExample * 2, 99), perExample * 3);
        }
        results.push(await runOnce(engine, fn, garbled));
        expect(results[1]).toEqual(results[0]);
        // And what a micro-batch of three alone gives.
        const three = gradientFunction(model, 3);
        const inputs = Object.fromEntries(
          Object.entries(three.inputs).map(([input, { shape }]) => [
            input,
            garbled[input]!.slice(
              0,
              shape.reduce((a, b) => a * b, 1),
            ),
          ]),
        );
        const alone = await runOnce(engine, three, inputs);
        for (const [output, values] of Object.entries(alone)) {
          expect(relativeError(results[0]![output]!, values), output).toBeLessThan(tolerance);
        }
      });

      test('weights multiply losses, metrics and gradients', async () => {
        const inputs = inputsFor(fn);
        const single = await runOnce(engine, fn, inputs);
        inputs['weight']!.fill(3);
        const triple = await runOnce(engine, fn, inputs);
        for (const [output, values] of Object.entries(triple)) {
          const expected = single[output]!.map((value) => value * 3);
          expect(relativeError(values, expected), output).toBeLessThan(tolerance);
        }
      });

      test('the loss alone is the loss that comes with the gradients', async () => {
        const inputs = inputsFor(fn);
        const { metrics } = await runOnce(engine, fn, inputs);
        const alone = await runOnce(engine, lossFunction(model, 5), inputs);
        expect(Object.keys(alone)).toEqual(['metrics']);
        expect(metrics).toHaveLength(1 + model.metrics.length);
        expect(relativeError(alone['metrics']!, metrics!)).toBeLessThan(tolerance);
      });
    });

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
        const results = await runOnce(engine, fn, inputsFor(fn));
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
        expect(await runOnce(engine, fn, inputs)).toEqual({
          same: inputs.x,
          one: Float32Array.of(1),
          zeros: new Float32Array(2),
          square: Float32Array.of(1, 4, 9, 16),
          again: Float32Array.of(1, 4, 9, 16),
        });
      });

      test('a model’s other functions run too', async () => {
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
        expect(await runOnce(engine, modelFunction(model, 'decode', 2), inputs)).toEqual({
          'output/x': Float32Array.of(1, 2, 3, 4, 5, 6),
        });
      });
    });

    describe('refuses, saying why,', () => {
      const fn = lossFunction(mlpVae(4, 3, 2), 2);

      test.each([
        ['ENGINE_BUFFER_MISSING', (b: Record<string, Float32Array>) => delete b['weight']],
        ['ENGINE_BUFFER_LENGTH', (b) => (b['weight'] = new Float32Array(3))],
        ['ENGINE_BUFFER_UNKNOWN', (b) => (b['batch/y'] = new Float32Array(2))],
        [
          'ENGINE_BUFFER_TYPE',
          (b) => (b['weight'] = new Float64Array(2) as unknown as Float32Array),
        ],
      ] as [string, (buffers: Record<string, Float32Array>) => unknown][])(
        'buffers that do not fit: %s',
        async (code, spoil) => {
          const executable = await load(fn);
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
        await expect(engine.compile(gradientFunction(model, 2))).rejects.toMatchObject({
          code: 'MODEL_LOSS_SHAPE',
        });
      });

      test('hidden randomness', async () => {
        const random = { inputs: {}, apply: () => ({ x: tf.randomNormal([2]) }) };
        await expect(engine.compile(random)).rejects.toMatchObject({
          code: 'MODEL_HIDDEN_RANDOMNESS',
        });
      });

      test('an output with the name of an input', async () => {
        const echo: TensorFunction = {
          inputs: { x: { shape: [2] } },
          apply: ({ x }) => ({ x: x as Tensor }),
        };
        await expect(engine.compile(echo)).rejects.toMatchObject({
          code: 'ENGINE_FUNCTION_OUTPUT',
        });
      });

      test('outputs that are no float tensors', async () => {
        const integers = { inputs: {}, apply: () => ({ x: tf.zeros([2], 'int32') }) };
        await expect(engine.compile(integers)).rejects.toMatchObject({
          code: 'ENGINE_FUNCTION_OUTPUT',
        });
      });
    });
  });
}

const copies = (buffers: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, buffer.slice()]));
