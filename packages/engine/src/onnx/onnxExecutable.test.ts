/** What only this engine promises: the caller's memory itself, the same bits in any thread. */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { TensorFunction } from '../engine.ts';
import { gradientFunction } from '../gradientFunction.ts';
import { mlpVae } from '../testing/models.ts';
import { sharedBuffers } from '../testing/sharedMemory.ts';
import { inputsFor } from '../testing/values.ts';
import { unsharedView } from './aliasMemory.ts';
import { inputName, outputName } from './borders.ts';
import { createOnnxEngine } from './onnxEngine.ts';

const koffi = createRequire(import.meta.url)('koffi') as {
  address(view: Float32Array): bigint;
};

describe('a view of shared memory that ORT takes', () => {
  const memories = {
    SharedArrayBuffer: new SharedArrayBuffer(256),
    'WebAssembly.Memory': new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer,
  };

  it.each(Object.entries(memories))('%s: the same bytes', (_, buffer) => {
    const shared = new Float32Array(buffer, 64, 5);
    const view = unsharedView(shared);
    expect(view.buffer).toBeInstanceOf(ArrayBuffer);
    expect(koffi.address(view)).toBe(koffi.address(shared));
    shared[4] = 7;
    expect(view[4]).toBe(7);
    view[0] = 8;
    expect(shared[0]).toBe(8);
  });

  it('ordinary memory is left as it is', () => {
    const view = new Float32Array(4);
    expect(unsharedView(view)).toBe(view);
  });

  it('may be empty', () => {
    expect(unsharedView(new Float32Array(new SharedArrayBuffer(0)))).toHaveLength(0);
  });
});

it('neither parameters nor gradients are copied: ORT works on the bytes of the arena', async () => {
  const fn: TensorFunction = {
    inputs: { w: { shape: [4] } },
    apply: ({ w }) => ({ g: tf.mul(w as Tensor, 2) }),
  };
  const engine = await createOnnxEngine();
  const executable = await engine.load(await engine.compile(fn), () => Promise.resolve(fn));
  const inputs = sharedBuffers(executable.inputs);
  const outputs = sharedBuffers(executable.outputs);
  const bound = executable.bind(inputs, outputs);
  inputs['w']?.set([1, 2, 3, 4]);
  await bound.run();
  expect(outputs['g']).toEqual(Float32Array.of(2, 4, 6, 8));
  inputs['w']?.set([5, 6, 7, 8]);
  await bound.run();
  expect(outputs['g']).toEqual(Float32Array.of(10, 12, 14, 16));
  await executable.dispose();
});

/** Plain JavaScript on the packages alone: a worker thread cannot load our TypeScript. */
const workerCode = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { InferenceSession, Tensor } = require(workerData.runtime);
  InferenceSession.create(workerData.graph, { intraOpNumThreads: 1 }).then(async (session) => {
    const shapes = Object.fromEntries(session.inputMetadata.map(({ name, shape }) => [name, shape]));
    const feeds = Object.fromEntries(Object.entries(workerData.inputs).map(([name, data]) =>
      [name, new Tensor('float32', data, shapes[name])]));
    const results = await session.run(feeds);
    parentPort.postMessage(Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, data])));
  });
`;

it('gives the same bits in whatever thread', async () => {
  const fn = gradientFunction(mlpVae(100, 60, 8), 32);
  const inputs = inputsFor(fn);
  const engine = await createOnnxEngine();
  const compiled = await engine.compile(fn);
  const executable = await engine.load(compiled, () => Promise.resolve(fn));
  const outputs = sharedBuffers(executable.outputs);
  await executable.bind(inputs, outputs).run();

  const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
  const named = Object.entries(inputs).map(([name, data]) => [inputName(name), data] as const);
  const workerData = { runtime, graph: compiled.graph, inputs: Object.fromEntries(named) };
  const workers = [0, 1, 2].map(() => new Worker(workerCode, { eval: true, workerData }));
  const results = await Promise.all(
    workers.map(
      (worker) =>
        new Promise<Record<string, Float32Array>>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject);
        }),
    ),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
  for (const result of results) {
    for (const [name, values] of Object.entries(outputs)) {
      expect(result[outputName(name)]).toEqual(Float32Array.from(values));
    }
  }
});

it('refuses what another engine, or another kind of processor, compiled', async () => {
  const fn: TensorFunction = {
    inputs: { x: { shape: [1] } },
    apply: ({ x }) => ({ y: tf.neg(x as Tensor) }),
  };
  const engine = await createOnnxEngine();
  const compiled = await engine.compile(fn);
  const load = (change: object) =>
    engine.load({ ...compiled, ...change }, () => Promise.resolve(fn));
  await expect(load({ engine: 'eager:cpu' })).rejects.toMatchObject({ code: 'ENGINE_MISMATCH' });
  await expect(load({ channelBlock: 3 })).rejects.toMatchObject({ code: 'ENGINE_MISMATCH' });
  await expect(load({ graph: Uint8Array.of(1) })).rejects.toMatchObject({
    code: 'ENGINE_RUNTIME_REFUSED',
  });
});
