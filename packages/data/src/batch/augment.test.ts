import { describe, expect, it } from 'vitest';
import { parseAugmentation } from '../augment/augmentation.ts';
import { noiseKinds, type NoiseKind } from '../kernels/counter.ts';
import { numberedDataset } from '../testing/datasets.ts';
import { createBatchSource } from './batchSource.ts';

const shape = [6, 5, 2];
const spec = { microBatch: 8, seed: 3, order: 'shuffled', inputs: { x: [60] }, noise: {} } as const;
const plain = numberedDataset({ count: 40, shape, stagingBytes: 1 << 18 });
const augmented = { ...plain, augmentation: parseAugmentation('flip,shift:2') };

function fill(
  dataset: typeof plain,
  where: { worker: number; epoch: number; start: number; count: number; noiseKind?: NoiseKind },
): number[] {
  const { worker, noiseKind = noiseKinds.training, ...position } = where;
  const batches = createBatchSource(dataset, { ...spec, worker, noiseKind });
  batches.fill(position);
  return [...(batches.buffers['batch/x'] ?? [])];
}

describe('augmented training data', () => {
  it('has the same bits however it is cut, whoever fills it', () => {
    for (const epoch of [0, 1, 7]) {
      const whole = fill(augmented, { worker: 0, epoch, start: 8, count: 8 });
      const pieces = [
        ...fill(augmented, { worker: 3, epoch, start: 8, count: 3 }).slice(0, 180),
        ...fill(augmented, { worker: 1, epoch, start: 11, count: 5 }).slice(0, 300),
      ];
      expect(pieces).toEqual(whole);
      expect(whole).not.toEqual(fill(plain, { worker: 0, epoch, start: 8, count: 8 }));
    }
  });

  it('leaves padding zero', () => {
    const x = fill(augmented, { worker: 0, epoch: 0, start: 0, count: 3 });
    expect(new Set(x.slice(180))).toEqual(new Set([0]));
  });

  it('is as it is in the files to whoever only looks at it', () => {
    const where = { worker: 0, epoch: 2, start: 0, count: 8, noiseKind: noiseKinds.evaluation };
    expect(fill(augmented, where)).toEqual(fill(plain, where));
  });
});
