/** A worker's part in running a model function over many examples. */
import { createBatchSource } from '@lockstep/data';
import { createEngine, modelFunction } from '@lockstep/engine';
import { serializeError, type SerializedError } from '@lockstep/protocol';
import { RowsWorker } from '../rows/rowsQueue.ts';
import { parameterViews } from '../rows/sharedParameters.ts';
import { RowRunner } from './rowRunner.ts';
import type { RowsJob } from './rowsJob.ts';

export type RowsResult =
  { readonly ok: true } | { readonly ok: false; readonly error: SerializedError };

/** Errors come back as values, since a thrown one loses its fields on the way. */
export async function runRows(job: RowsJob): Promise<RowsResult> {
  try {
    await work(job);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: serializeError(error, `worker ${job.worker}`) };
  }
}

async function work(job: RowsJob): Promise<void> {
  const { plan, compiled, data, inputs, noise } = job;
  const { microBatch } = plan;
  const engine = await createEngine(compiled.engine);
  const executable = await engine.load(compiled, async () => {
    // Most engines never load it, nor what it stands on.
    const { loadDerivedModel } = await import('../rows/derivedModel.ts');
    const model = await loadDerivedModel(job.source.model);
    return modelFunction(model, job.source.name, microBatch);
  });
  const runner = new RowRunner({
    executable,
    source: createBatchSource(data, {
      inputs,
      noise,
      worker: job.worker,
      microBatch,
      seed: job.seed,
      noiseKind: job.noiseKind,
      noiseEachEpoch: true,
      order: 'sequential',
    }),
    microBatch,
    parameters: parameterViews(...job.parameters),
    rows: Object.fromEntries(
      Object.entries(job.outputs).map(([name, buffer]) => [name, new Float32Array(buffer)]),
    ),
  });
  try {
    const queue = new RowsWorker(job.queue, plan);
    for (;;) {
      const task = queue.claim();
      if (!task) return;
      await runner.run(task);
      queue.complete(task);
    }
  } finally {
    await runner.dispose();
  }
}
