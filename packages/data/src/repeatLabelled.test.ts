import { describe, expect, it } from 'vitest';
import { createBatchSource } from './batch/batchSource.ts';
import { stagingBytesPerWorker } from './batch/staging.ts';
import { datasetLabels, datasetValues } from './dataset.ts';
import { noiseKinds } from './kernels/counter.ts';
import { openData } from './openData.ts';
import type { DataOptions } from './options.ts';
import { expectDataError } from './testing/expectDataError.ts';
import { npy, temporaryFolder, write } from './testing/files.ts';

const count = 200;

/** Examples of two values, their index and 7; classes 0 and 1 in turn. A fifth is for testing. */
async function numbered(): Promise<string> {
  const folder = await temporaryFolder();
  const values = Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i / 2 : 7));
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  await write(folder, 'x.labels.npy', npy({ descr: '|u1', shape: [count] }, labels));
  return write(folder, 'x.npy', npy({ descr: '|u1', shape: [count, 2] }, values));
}

const few: DataOptions = { holdOut: 0.2, labels: 4, labelledShare: 0.25 };

describe('a labelled share', () => {
  it('takes labelled examples so often that they are that share, and all others once', async () => {
    const path = await numbered();
    const [once, often] = await Promise.all([
      openData(path, { ...few, labelledShare: undefined as never }),
      openData(path, few),
    ]);
    // 156 without a label, 4 with one: 13 times each make 52 of 208
    expect([once.train.count, often.train.count]).toEqual([160, 208]);
    expect([once.train.knownLabels, often.train.knownLabels]).toEqual([4, 52]);
    expect(often.test).toEqual(once.test);

    const [plain, repeated] = await Promise.all([
      once.load('train', { stagingBytes: 0 }),
      often.load('train', { stagingBytes: 0 }),
    ]);
    const rows = (set: typeof plain) =>
      Array.from({ length: set.count }, (_, i) => [
        ...datasetValues(set).subarray(2 * i, 2 * i + 2),
        datasetLabels(set)?.[i],
      ]);
    const first = rows(plain);
    const known = first.filter(([, , label]) => label !== -1);
    expect(rows(repeated)).toEqual([...first, ...Array.from({ length: 12 }, () => known).flat()]);
    expect(repeated.labelsOffset).toBeDefined();
  });

  it('gives each repetition noise of its own, and each row once an epoch', async () => {
    const source = await openData(await numbered(), few);
    const inputs = { x: [2], label: [] };
    const noise = { eps: { shape: [], distribution: 'normal' } } as const;
    const spec = { microBatch: 208, inputs, noise };
    const dataset = await source.load('train', { stagingBytes: stagingBytesPerWorker(spec) });
    const batches = createBatchSource(dataset, {
      ...spec,
      worker: 0,
      seed: 1,
      noiseKind: noiseKinds.training,
      order: 'shuffled',
    });
    batches.fill({ epoch: 0, start: 0, count: 208 });
    const labels = [...(batches.buffers['batch/label'] ?? [])];
    expect(labels.filter((label) => label >= 0)).toHaveLength(52);
    expect(new Set(batches.buffers['noise/eps']).size).toBe(208);
  });

  it.each([
    ['without labels that are hidden', { labels: undefined as never }],
    ['that the data has already', { labelledShare: 0.02 }],
    ['of all', { labelledShare: 1 }],
  ])('%s is refused', async (_, options) => {
    const path = await numbered();
    await expectDataError(
      () => openData(path, { ...few, ...options }),
      'DATA_OPTION',
      'labelledShare',
    );
  });

  it('does not stream', async () => {
    const source = await openData(await numbered(), { ...few, memoryLimit: 600 });
    await expectDataError(
      () => source.load('train', { stagingBytes: 0 }),
      'DATA_MEMORY_LIMIT',
      'labelled',
    );
  });
});
