/**
 * One of several threads that run one compiled function at the same time, for the contract suite. Threads
 * cannot load TypeScript: built.
 */
import { parentPort, workerData } from 'node:worker_threads';
import * as models from '../bench/models.mjs';
import { createEngine, gradientFunction } from '../dist/index.js';

const { compiled, model, microBatch, inputs, runs, barrier, threads } = workerData;

function everybodyIsHere() {
  const arrived = new Int32Array(barrier);
  if (Atomics.add(arrived, 0, 1) + 1 === threads) Atomics.notify(arrived, 0);
  for (let here = Atomics.load(arrived, 0); here < threads; here = Atomics.load(arrived, 0)) {
    Atomics.wait(arrived, 0, here, 1000);
  }
}

const same = (a, b) => Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;

async function run() {
  const engine = await createEngine(compiled.engine);
  const source = async () => gradientFunction(models[model], microBatch);
  const executable = await engine.load(compiled, source);
  const outputs = Object.fromEntries(
    Object.entries(executable.outputs).map(([name, { shape }]) => [
      name,
      new Float32Array(shape.reduce((product, n) => product * n, 1)),
    ]),
  );
  const bound = executable.bind(inputs, outputs);
  everybodyIsHere();
  await bound.run();
  const first = structuredClone(outputs);
  for (let i = 1; i < runs; i++) {
    await bound.run();
    for (const name of Object.keys(outputs)) {
      if (!same(outputs[name], first[name])) throw new Error(`run ${i} gives another ${name}`);
    }
  }
  await executable.dispose();
  return first;
}

try {
  parentPort.postMessage({ outputs: await run() });
} catch (error) {
  // The others wait for it.
  Atomics.add(new Int32Array(barrier), 0, 1);
  Atomics.notify(new Int32Array(barrier), 0);
  parentPort.postMessage({ error: { code: error.code, message: error.message } });
}
