import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { allocate } from '../../gradientError.ts';
import { gradientFunction, type DifferentiableModel } from '../../gradientFunction.ts';
import { inputsFor } from '../values.ts';
import { load, type EngineUnderTest } from './engineUnderTest.ts';

/** On WebGPU a software driver may have to do, at 50 ms a step. */
const stepsOf = (engine: string): number => (engine.endsWith('webgpu') ? 300 : 2000);
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
  test(`keeps nothing of ${steps} steps`, { timeout: 300_000 }, async () => {
    const fn = gradientFunction(wide, 1);
    const executable = await load(engine(), fn);
    const bound = executable.bind(inputsFor(fn), allocate(executable.outputs));
    for (let step = 0; step < steps / 10; step++) await bound.run();
    const { numTensors } = tf.engine().state;
    const before = process.memoryUsage().rss;
    for (let step = 0; step < steps; step++) await bound.run();
    // Half of what is left if each step leaves its gradient; garbage not yet collected is less.
    expect(process.memoryUsage().rss - before).toBeLessThan((steps * stepBytes) / 2);
    expect(tf.engine().state.numTensors).toBe(numTensors);
    await executable.dispose();
  });
}
