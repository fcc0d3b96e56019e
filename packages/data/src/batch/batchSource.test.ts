import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { allocateDataset, datasetValues } from '../dataset.ts';
import { noiseKinds } from '../kernels/counter.ts';
import { numberedDataset } from '../testing/datasets.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { bytesOf } from '../testing/files.ts';
import type { ValueType } from '../valueType.ts';
import { createBatchSource, type BatchSource, type BatchSpec } from './batchSource.ts';
import { stagingBytesPerWorker } from './staging.ts';

const spec: BatchSpec = {
  worker: 0,
  microBatch: 6,
  inputs: { x: [5], label: [] },
  noise: {
    eps: { shape: [3], distribution: 'normal' },
    dropout: { shape: [2, 2], distribution: 'uniform' },
  },
  seed: 12,
  noiseKind: noiseKinds.training,
  order: 'shuffled',
};

const workers = 3;

function numbered(count = 40): ReturnType<typeof numberedDataset> {
  const stagingBytes = workers * stagingBytesPerWorker(spec);
  return numberedDataset({ count, shape: [5], labels: true, stagingBytes });
}

const source = (change: Partial<BatchSpec> = {}, dataset = numbered()): BatchSource =>
  createBatchSource(dataset, { ...spec, ...change });

function read(batches: BatchSource, name: string, from = 0, to?: number): number[] {
  return [...(batches.buffers[name] ?? []).slice(from, to)];
}

describe('createBatchSource', () => {
  it('names its buffers and gives each its size', () => {
    const { buffers } = source();
    const lengths = Object.entries(buffers).map(([name, { length }]) => [name, length]);
    expect(Object.fromEntries(lengths)).toEqual({
      weight: 6,
      'batch/x': 30,
      'batch/label': 6,
      'noise/eps': 18,
      'noise/dropout': 24,
    });
  });

  it('keeps every buffer on a 64-byte boundary in shared memory, apart from other workers', () => {
    const dataset = numbered();
    const ranges = Array.from({ length: workers }, (_, worker) =>
      Object.values(source({ worker }, dataset).buffers),
    ).flat();
    for (const view of ranges) {
      expect(view.byteOffset % 64).toBe(0);
      expect(view.buffer).toBe(dataset.memory.buffer);
      expect(view.byteOffset).toBeGreaterThanOrEqual(dataset.stagingOffset);
    }
    const sorted = ranges.sort((a, b) => a.byteOffset - b.byteOffset);
    sorted.slice(1).forEach((view, i) => {
      const before = sorted[i];
      expect(view.byteOffset).toBeGreaterThanOrEqual(
        (before?.byteOffset ?? 0) + (before?.byteLength ?? 0),
      );
    });
  });

  it('refuses a worker for whom no staging area was reserved', () => {
    expect(() => source({ worker: workers })).toThrow(RangeError);
  });
});

describe('fill', () => {
  it('gathers values and labels of the same examples, scaled to [0, 1]', () => {
    const batches = source();
    expect(batches.fill({ epoch: 1, start: 7, count: 6 })).toBe(6);
    const labels = read(batches, 'batch/label');
    const expected = labels.flatMap((i) =>
      [0, 1, 2, 3, 4].map((k) => Math.fround(((5 * i + k) % 256) / 255)),
    );
    expect(read(batches, 'batch/x')).toEqual(expected);
    expect(new Set(labels).size).toBe(6);
    expect(read(batches, 'weight')).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('pads with zeros and weight 0, whatever stood there before', () => {
    const batches = source();
    for (const count of [6, 4, 0, 5]) {
      expect(batches.fill({ epoch: 1, start: 7, count })).toBe(count);
      expect(read(batches, 'weight')).toEqual([1, 1, 1, 1, 1, 1].fill(0, count));
      for (const [name, buffer] of Object.entries(batches.buffers)) {
        const used = (buffer.length / 6) * count;
        expect(read(batches, name, used).every((value) => value === 0)).toBe(true);
      }
    }
  });

  it('reads in order when sequential', () => {
    const batches = source({ order: 'sequential' });
    batches.fill({ epoch: 4, start: 34, count: 6 });
    expect(read(batches, 'batch/label')).toEqual([34, 35, 36, 37, 38, 39]);
  });

  it('gives another order each epoch and seed, the same again for the same', () => {
    const order = (seed: number, epoch: number): number[] => {
      const batches = source({ seed });
      batches.fill({ epoch, start: 0, count: 6 });
      return read(batches, 'batch/label');
    };
    expect(order(1, 0)).toEqual(order(1, 0));
    expect(order(1, 0)).not.toEqual(order(1, 1));
    expect(order(1, 0)).not.toEqual(order(2, 0));
  });

  it('ties noise to the example, not to its place in the batch or to the worker', () => {
    const dataset = numbered();
    const rows = (change: Partial<BatchSpec>, start: number): Map<number, string> => {
      const batches = source(change, dataset);
      batches.fill({ epoch: 3, start, count: 6 });
      const labels = read(batches, 'batch/label');
      return new Map(
        labels.map((label, i) => [
          label,
          [
            read(batches, 'noise/eps', 3 * i, 3 * i + 3),
            read(batches, 'noise/dropout', 4 * i, 4 * i + 4),
          ].join(),
        ]),
      );
    };
    const one = rows({}, 10);
    const other = rows({ worker: 2 }, 13);
    const common = [...one.keys()].filter((label) => other.has(label));
    expect(common).toHaveLength(3);
    for (const label of common) expect(other.get(label)).toBe(one.get(label));
  });

  it('draws other noise each epoch in training, the same in evaluation', () => {
    const noise = (noiseKind: BatchSpec['noiseKind'], epoch: number): number[] => {
      const batches = source({ noiseKind, order: 'sequential' });
      batches.fill({ epoch, start: 0, count: 6 });
      return read(batches, 'noise/eps');
    };
    expect(noise(noiseKinds.training, 0)).not.toEqual(noise(noiseKinds.training, 1));
    expect(noise(noiseKinds.evaluation, 0)).toEqual(noise(noiseKinds.evaluation, 1));
    expect(noise(noiseKinds.evaluation, 0)).not.toEqual(noise(noiseKinds.training, 0));
  });

  it('draws other noise each epoch of an evaluation that asks for it; the first is the usual', () => {
    const noise = (noiseEachEpoch: boolean, epoch: number): number[] => {
      const batches = source({
        noiseKind: noiseKinds.evaluation,
        order: 'sequential',
        noiseEachEpoch,
      });
      batches.fill({ epoch, start: 0, count: 6 });
      return read(batches, 'noise/eps');
    };
    expect(noise(true, 0)).toEqual(noise(false, 1));
    expect(noise(true, 1)).not.toEqual(noise(true, 0));
  });

  it('gives each noise array a stream of its own', () => {
    const noise = {
      a: { shape: [3], distribution: 'normal' },
      b: { shape: [3], distribution: 'normal' },
    } as const;
    const batches = source({ noise });
    batches.fill({ epoch: 0, start: 0, count: 6 });
    expect(read(batches, 'noise/a')).not.toEqual(read(batches, 'noise/b'));
  });

  it.each([
    { epoch: 0, start: 0, count: 7 },
    { epoch: 0, start: 36, count: 5 },
    { epoch: 0, start: -1, count: 5 },
    { epoch: 0, start: 0, count: -1 },
  ])('refuses positions that do not exist: $start, $count', (position) => {
    expect(() => source().fill(position)).toThrow(RangeError);
  });

  it('fills the same bytes in another thread', async () => {
    const dataset = numbered();
    const here = source({ worker: 0 }, dataset);
    const there = source({ worker: 1 }, dataset);
    here.fill({ epoch: 2, start: 5, count: 6 });
    const script = `
      const { workerData } = require('node:worker_threads');
      import(workerData.built).then(({ createBatchSource }) => {
        const batches = createBatchSource(workerData.dataset, workerData.spec);
        batches.fill({ epoch: 2, start: 5, count: 6 });
      });
    `;
    const built = new URL('../../dist/index.js', import.meta.url).href;
    const workerData = { built, dataset, spec: { ...spec, worker: 1 } };
    const worker = new Worker(script, { eval: true, workerData });
    await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    for (const name of Object.keys(here.buffers)) {
      expect(read(there, name)).toEqual(read(here, name));
    }
  });
});

describe('data that does not fit the model', () => {
  const images = numberedDataset({ count: 4, shape: [32, 32, 3], stagingBytes: 1 << 20 });
  const make = (inputs: BatchSpec['inputs']) => () =>
    createBatchSource(images, { ...spec, inputs });

  it('another number of values', async () => {
    await expectDataError(
      make({ x: [28, 28, 1] }),
      'DATA_MODEL_SHAPE',
      '[28, 28, 1]',
      '784',
      '[32, 32, 3]',
      '3072',
      '--resize 28x28 --color grey',
      'preset',
    );
    await expectDataError(make({ x: [784] }), 'DATA_MODEL_SHAPE', '[784]', '--resize', 'preset');
  });

  it('takes the same values in another shape', () => {
    expect(make({ x: [3072] })).not.toThrow();
    expect(make({ x: [1024, 3] })).not.toThrow();
  });

  it('no labels', async () => {
    await expectDataError(make({ x: [3072], label: [] }), 'DATA_NO_LABELS', 'numbered');
  });

  it('labels of a shape', async () => {
    await expectDataError(() => source({ inputs: { label: [10] } }), 'DATA_MODEL_SHAPE', '[10]');
  });

  it('an unknown input', async () => {
    await expectDataError(make({ x: [3072], y: [2] }), 'DATA_MODEL_INPUT', '"y"', '"label"');
  });
});

describe('values of other types', () => {
  const shape = [5];
  const load = (valueType: ValueType, values: Uint8Array, entries?: number): Float32Array => {
    const spec = { microBatch: 4, inputs: { x: shape }, noise: {} };
    const info = {
      ...{ shape, valueType, count: 3, source: 'made', format: { kind: 'array' } as const },
      ...(entries !== undefined && { entries }),
    };
    const stagingBytes = stagingBytesPerWorker(spec);
    const dataset = allocateDataset(info, { hasLabels: false, stagingBytes });
    datasetValues(dataset).set(values);
    const order = { seed: 1, noiseKind: noiseKinds.training, order: 'sequential' } as const;
    const source = createBatchSource(dataset, { ...spec, ...order, worker: 0 });
    source.fill({ epoch: 0, start: 0, count: 3 });
    return source.buffers['batch/x'] ?? new Float32Array();
  };
  const padding = [0, 0, 0, 0, 0];

  it('takes tokens as their numbers', () => {
    const codes = Uint16Array.from({ length: 15 }, (_, i) => i * 4000 + 1);
    expect([...load('uint16', bytesOf(codes))]).toEqual([...codes, ...padding]);
  });

  it('takes numbers as they are, missing ones among them', () => {
    const numbers = Float32Array.from({ length: 15 }, (_, i) => (i === 7 ? NaN : -1.5 * i));
    expect([...load('float32', bytesOf(numbers))]).toEqual([...numbers, ...padding]);
  });

  it('spreads out what is sparse, also where nothing is', () => {
    const offsets = Uint32Array.of(0, 2, 2, 5);
    const places = Uint32Array.of(1, 4, 0, 2, 3);
    const weights = Float32Array.of(1, 0.5, 2, 3, -4);
    const stored = Buffer.concat([bytesOf(offsets), bytesOf(places), bytesOf(weights)]);
    const rows = [
      [0, 1, 0, 0, 0.5],
      [0, 0, 0, 0, 0],
      [2, 0, 3, -4, 0],
    ];
    expect([...load('sparse', stored, 5)]).toEqual([...rows.flat(), ...padding]);
  });
});
