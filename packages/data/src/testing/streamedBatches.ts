/** Batches of examples as workers fill them, in threads of their own. */
import { Worker } from 'node:worker_threads';
import type { BatchPosition, BatchSpec } from '../batch/batchSource.ts';
import type { Dataset } from '../dataset.ts';
import { noiseKinds } from '../kernels/counter.ts';

/** Values of an example. */
export const SIZE = 12;
/** Examples of a step. */
export const STEP = 64;

export const spec: BatchSpec = {
  worker: 0,
  microBatch: STEP / 2,
  inputs: { x: [SIZE], label: [] },
  noise: { eps: { shape: [2], distribution: 'normal' } },
  seed: 5,
  noiseKind: noiseKinds.training,
  order: 'shuffled',
};

export interface Batch {
  readonly label: readonly number[];
  readonly x: readonly number[];
  readonly eps: readonly number[];
}

/** Fills batches in a thread, as a worker does: whoever loads must not be blocked. */
export function startFilling(
  dataset: Dataset,
  tasks: readonly BatchPosition[],
  ofWorker: BatchSpec,
): { readonly thread: Worker; readonly batches: Promise<Batch[]> } {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { built, dataset, spec, tasks } = workerData;
    import(built).then(({ createBatchSource }) => {
      const source = createBatchSource(dataset, spec);
      parentPort.postMessage(tasks.map((task) => {
        const count = source.fill(task);
        const take = (name) => {
          const all = source.buffers[name] ?? [];
          return [...all.slice(0, (count * all.length) / spec.microBatch)];
        };
        return { label: take('batch/label'), x: take('batch/x'), eps: take('noise/eps') };
      }));
    });`;
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const workerData = { built, dataset, spec: ofWorker, tasks };
  const thread = new Worker(script, { eval: true, workerData, execArgv: [] });
  const batches = new Promise<Batch[]>((resolve, reject) => {
    thread.on('message', resolve).on('error', reject);
  });
  return { thread, batches };
}

/** Each in a thread of its own. */
export async function fillInThreads(
  dataset: Dataset,
  tasks: readonly (readonly BatchPosition[])[],
  change: Partial<BatchSpec> = {},
): Promise<Batch[][]> {
  return Promise.all(
    tasks.map((own, worker) => startFilling(dataset, own, { ...spec, ...change, worker }).batches),
  );
}

/** The steps of an epoch, each shared by so many workers. */
export function positionsOf(count: number, epochs: number, workers: number): BatchPosition[][] {
  const tasks: BatchPosition[][] = Array.from({ length: workers }, () => []);
  const { microBatch } = spec;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let start = 0, i = 0; start < count; start += microBatch, i++) {
      tasks[i % workers]?.push({ epoch, start, count: Math.min(microBatch, count - start) });
    }
  }
  return tasks;
}
