import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseKinds } from '../kernels/counter.ts';
import { numberedDataset } from '../testing/datasets.ts';
import { createBatchSource, type BatchSpec } from './batchSource.ts';
import {
  microBatchesPerStep,
  microBatchPositions,
  stepsPerEpoch,
  type BatchSizes,
} from './microBatches.ts';
import { stagingBytesPerWorker } from './staging.ts';

const sizes = fc
  .record({
    examples: fc.integer({ min: 1, max: 700 }),
    batchSize: fc.integer({ min: 1, max: 300 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ examples, batchSize, share }) => ({
    examples,
    batchSize,
    microBatch: Math.max(1, Math.round(share * batchSize)),
  }));

function* tasks(job: BatchSizes): Generator<{ start: number; count: number }> {
  for (let step = 0; step < stepsPerEpoch(job); step++) {
    for (let index = 0; index < microBatchesPerStep(job); index++) {
      yield microBatchPositions(job, step, index);
    }
  }
}

describe('an epoch', () => {
  it('takes every position exactly once, in steps of at most one batch', () => {
    fc.assert(
      fc.property(sizes, (job) => {
        let next = 0;
        for (const { start, count } of tasks(job)) {
          expect(start).toBe(next);
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual(job.microBatch);
          next += count;
        }
        expect(next).toBe(job.examples);
        for (let step = 0; step < stepsPerEpoch(job); step++) {
          const { start } = microBatchPositions(job, step, 0);
          expect(start).toBe(step * job.batchSize);
        }
      }),
    );
  });

  it('shows every example exactly once, with weight 1, whoever fills which micro-batch', () => {
    const choice = fc.array(fc.nat(2), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.nat(1000), fc.nat(20), choice, (job, seed, epoch, workers) => {
        const spec: BatchSpec = {
          worker: 0,
          microBatch: job.microBatch,
          inputs: { label: [] },
          noise: {},
          seed,
          noiseKind: noiseKinds.training,
          order: 'shuffled',
        };
        const stagingBytes = 3 * stagingBytesPerWorker(spec);
        const options = { count: job.examples, shape: [1], labels: true, stagingBytes };
        const dataset = numberedDataset(options);
        const sources = [0, 1, 2].map((worker) => createBatchSource(dataset, { ...spec, worker }));
        const seen: number[] = [];
        let turn = 0;
        for (const { start, count } of tasks(job)) {
          const batches = sources[workers[turn++ % workers.length] ?? 0];
          if (!batches) throw new Error('No such worker.');
          batches.fill({ epoch, start, count });
          const { weight, 'batch/label': labels } = batches.buffers;
          weight?.forEach((value, i) => {
            if (value === 1) seen.push(labels?.[i] ?? NaN);
            else expect(value).toBe(0);
          });
        }
        expect(seen.sort((a, b) => a - b)).toEqual(
          Array.from({ length: job.examples }, (_, i) => i),
        );
      }),
      { numRuns: 60 },
    );
  });
});
