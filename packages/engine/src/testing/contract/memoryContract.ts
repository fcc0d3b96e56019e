import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { allocate } from '../../gradientError.ts';
import { gradientFunction, type DifferentiableModel } from '../../gradientFunction.ts';
import { inputsFor } from '../values.ts';
import { load, type EngineUnderTest } from './engineUnderTest.ts';

/** On WebGPU a software driver may have to do, at 50 ms a step. */
const stepsOf = (engine: string): number => (engine.endsWith('webgpu') ? 300 : 2000);
const attempts = 3;
const side = 256;
const stepBytes = side * side * 4;

/** Cheap, with a gradient of a quarter of a megabyte. */
const wide: DifferentiableModel = {
  name: 'wide',
  parameters: [{ name: 'w', shape: [side, side] }],
  inputs: { x: [side] },
  noise: {},
  metrics: [],
  loss({ w }, { x }) {
    const y = tf.matMul(x as Tensor2D, w as Tensor2D);
    return { loss: tf.sum<Tensor1D>(tf.square(y), 1), metrics: {} };
  },
};

export function memoryContract(name: string, engine: EngineUnderTest): void {
  const steps = stepsOf(name);
  test(`keeps nothing of ${steps} steps`, { timeout: 600_000 }, async () => {
    const fn = gradientFunction(wide, 1);
    const executable = await load(engine(), fn);
    const bound = executable.bind(inputsFor(fn), allocate(executable.outputs));
    for (let step = 0; step < steps / 10; step++) await bound.run();
    const { numTensors } = tf.engine().state;
    // A leak grows by at least `leaked` each time; garbage not yet collected and a heap that settles
    // do so once.
    const leaked = steps * stepBytes;
    let grown = Infinity;
    for (let attempt = 0; attempt < attempts && grown >= leaked / 2; attempt++) {
      const before = process.memoryUsage().rss;
      for (let step = 0; step < steps; step++) await bound.run();
      grown = process.memoryUsage().rss - before;
    }
    expect(grown).toBeLessThan(leaked / 2);
    expect(tf.engine().state.numTensors).toBe(numTensors);
    await executable.dispose();
  });
}
