import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { allocate, relativeError, runOnce } from '../../gradientError.ts';
import { gradientFunction, lossFunction } from '../../gradientFunction.ts';
import { convVae, mlpVae } from '../models.ts';
import { sharedBuffers } from '../sharedMemory.ts';
import { inputsFor, spread } from '../values.ts';
import { load, tolerance, type EngineUnderTest } from './engineUnderTest.ts';

export function runContract(engine: EngineUnderTest): void {
  describe.each([mlpVae(20, 12, 4), convVae(8, 4, 2)])('running $name', (model) => {
    const fn = gradientFunction(model, 5);

    test('gives the same bits every time, and from every load', async () => {
      const first = await runOnce(engine(), fn, inputsFor(fn));
      const executable = await load(engine(), fn);
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
      const executable = await load(engine(), fn);
      const inputs = sharedBuffers(executable.inputs);
      const outputs = sharedBuffers(executable.outputs);
      const bound = executable.bind(inputs, outputs);
      for (const seed of [1, 2]) {
        const values = inputsFor(fn, seed);
        for (const [input, buffer] of Object.entries(inputs)) buffer.set(values[input]!);
        await bound.run();
        expect(copies(outputs)).toEqual(await runOnce(engine(), fn, values));
      }
      await executable.dispose();
    });

    test('one executable serves several sets of buffers', async () => {
      const executable = await load(engine(), fn);
      const inputs = [inputsFor(fn, 1), inputsFor(fn, 2)];
      const outputs = inputs.map(() => allocate(executable.outputs));
      const bound = inputs.map((buffers, i) => executable.bind(buffers, outputs[i]!));
      for (const i of [0, 1, 0]) await bound[i]!.run();
      expect(outputs[0]).toEqual(await runOnce(engine(), fn, inputs[0]!));
      expect(outputs[1]).toEqual(await runOnce(engine(), fn, inputs[1]!));
      await executable.dispose();
    });

    test('leaves no tensors behind', async () => {
      const executable = await load(engine(), fn);
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
      const results = [await runOnce(engine(), fn, garbled)];
      // Other examples where the weight is 0: the same bits.
      for (const [input, buffer] of Object.entries(garbled)) {
        if (!/^(batch|noise)/.test(input)) continue;
        const perExample = buffer.length / 5;
        buffer.set(spread(perExample * 2, 99), perExample * 3);
      }
      results.push(await runOnce(engine(), fn, garbled));
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
      const alone = await runOnce(engine(), three, inputs);
      for (const [output, values] of Object.entries(alone)) {
        expect(relativeError(results[0]![output]!, values), output).toBeLessThan(
          tolerance(engine()),
        );
      }
    });

    test('weights multiply losses, metrics and gradients', async () => {
      const inputs = inputsFor(fn);
      const single = await runOnce(engine(), fn, inputs);
      inputs['weight']!.fill(3);
      const triple = await runOnce(engine(), fn, inputs);
      for (const [output, values] of Object.entries(triple)) {
        const expected = single[output]!.map((value) => value * 3);
        expect(relativeError(values, expected), output).toBeLessThan(tolerance(engine()));
      }
    });

    test('the loss alone is the loss that comes with the gradients', async () => {
      const inputs = inputsFor(fn);
      const { metrics } = await runOnce(engine(), fn, inputs);
      const alone = await runOnce(engine(), lossFunction(model, 5), inputs);
      expect(Object.keys(alone)).toEqual(['metrics']);
      expect(metrics).toHaveLength(1 + model.metrics.length);
      expect(relativeError(alone['metrics']!, metrics!)).toBeLessThan(tolerance(engine()));
    });
  });
}

const copies = (buffers: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(buffers).map(([name, buffer]) => [name, buffer.slice()]));
