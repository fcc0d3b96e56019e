/** A worker's part in running a model function over many examples. */
import { openWorkerChannel } from '@lockstep/collective';
import { createBatchSource } from '@lockstep/data';
import { createEngine, modelFunction } from '@lockstep/engine';
import { serializeError, type SerializedError } from '@lockstep/protocol';
import { channelCodec } from '../channelCodec.ts';
import { planSteps } from '../config/microBatches.ts';
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
  const channel = openWorkerChannel(job.link, channelCodec);
  const { cut, compiled, data, inputs, noise } = job;
  const engine = await createEngine(compiled.engine);
  const executable = await engine.load(compiled, async () => {
    const { loadDerivedModel } = await import('../rows/derivedModel.ts');
    const model = await loadDerivedModel(job.source.model);
    return modelFunction(model, job.source.name, cut.microBatch);
  });
  const runner = new RowRunner({
    arena: channel.arena,
    executable,
    source: createBatchSource(data, {
      inputs,
      noise,
      worker: job.worker,
      microBatch: cut.microBatch,
      seed: job.seed,
      noiseKind: job.noiseKind,
      noiseEachEpoch: true,
      order: 'sequential',
    }),
    plan: planSteps({ ...cut, examples: job.examples }),
    pieceRows: job.pieceRows,
    rows: Object.fromEntries(
      Object.entries(job.outputs).map(([name, buffer]) => [name, new Float32Array(buffer)]),
    ),
  });
  try {
    for (;;) {
      const task = await channel.claim();
      if (!task) return;
      if (task.kind !== 'evaluate') throw new Error(`task ${task.kind} where rows are computed`);
      await runner.run(task);
      channel.complete(task);
    }
  } finally {
    await runner.dispose();
  }
}
