/** Threads that are ended in the middle of a run: others go on, and a new one takes over. */
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { allocate } from '../gradientError.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { mlpVae } from '../testing/models.ts';
import { inputsFor } from '../testing/values.ts';
import { whereTensorflowIs } from '../testing/whereTensorflowIs.ts';
import { createTensorflowEngine } from './tensorflowEngine.ts';

const engineUrl = new URL('../../dist/index.js', import.meta.url).href;

/** Runs until it is killed. Plain JavaScript: threads cannot load TypeScript. */
const endless = `
  const { workerData, parentPort } = require('node:worker_threads');
  import(${JSON.stringify(engineUrl)}).then(async ({ createEngine }) => {
    const { compiled, inputs } = workerData;
    const executable = await (await createEngine(compiled.engine)).load(compiled);
    const outputs = Object.fromEntries(Object.entries(compiled.outputs).map(
      ([name, { shape }]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]));
    const bound = executable.bind(inputs, outputs);
    for (;;) {
      await bound.run();
      parentPort.postMessage('ran');
    }
  });`;

whereTensorflowIs(() => {
  it('leave the session to the others', async () => {
    const fn = gradientFunction(mlpVae(100, 60, 8), 32);
    const engine = await createTensorflowEngine();
    const compiled = await engine.compile(fn);
    const executable = await engine.load(compiled, async () => fn);
    const outputs = allocate(executable.outputs);
    const bound = executable.bind(inputsFor(fn), outputs);
    await bound.run();
    const first = structuredClone(outputs);
    for (let killed = 0; killed < 3; killed++) {
      const thread = new Worker(endless, {
        eval: true,
        workerData: { compiled, inputs: inputsFor(fn) },
      });
      await new Promise<void>((resolve, reject) => {
        let runs = 0;
        thread.on('message', () => ++runs === 20 && resolve()).on('error', reject);
      });
      await Promise.all([thread.terminate(), bound.run()]);
      expect(outputs).toEqual(first);
    }
    await executable.dispose();
    const again = await engine.load(compiled, async () => fn);
    await again.bind(inputsFor(fn), outputs).run();
    expect(outputs).toEqual(first);
    await again.dispose();
  });
});
