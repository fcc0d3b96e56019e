import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noiseKinds } from '../kernels/counter.ts';
import { numberedDataset } from '../testing/datasets.ts';
import { createBatchSource, type BatchSpec } from './batchSource.ts';
import { stagingBytesPerWorker } from './staging.ts';

const workers = [0, 1, 2];

/** Micro-batches of any sizes, each filled by any worker, in any order. */
const epochs = fc
  .record({
    microBatch: fc.integer({ min: 1, max: 64 }),
    seed: fc.nat(1000),
    epoch: fc.nat(20),
    fills: fc.array(
      fc.record({ size: fc.nat(64), worker: fc.constantFrom(...workers), when: fc.nat() }),
      { minLength: 1, maxLength: 40 },
    ),
  })
  .map(({ fills, ...job }) => {
    let next = 0;
    const tasks = fills.map(({ size, ...who }) => {
      const count = Math.min(size, job.microBatch);
      next += count;
      return { ...who, count, start: next - count };
    });
    return { ...job, examples: next, tasks: tasks.sort((a, b) => a.when - b.when) };
  })
  .filter(({ examples }) => examples > 0);

it('an epoch shows every example exactly once, with weight 1, however it is cut', () => {
  fc.assert(
    fc.property(epochs, ({ microBatch, seed, epoch, examples, tasks }) => {
      const spec: BatchSpec = {
        worker: 0,
        microBatch,
        inputs: { label: [] },
        noise: {},
        seed,
        noiseKind: noiseKinds.training,
        order: 'shuffled',
      };
      const stagingBytes = workers.length * stagingBytesPerWorker(spec);
      const dataset = numberedDataset({ count: examples, shape: [1], labels: true, stagingBytes });
      const sources = workers.map((worker) => createBatchSource(dataset, { ...spec, worker }));

      const seen: number[] = [];
      for (const { worker, start, count } of tasks) {
        const batches = sources[worker];
        if (!batches) throw new Error('No such worker.');
        batches.fill({ epoch, start, count });
        const { weight, 'batch/label': labels } = batches.buffers;
        weight?.forEach((value, i) => {
          expect(value).toBe(i < count ? 1 : 0);
          if (value === 1) seen.push(labels?.[i] ?? NaN);
        });
      }
      expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: examples }, (_, i) => i));
    }),
    { numRuns: 60 },
  );
});
