/**
 * What workers see, drawn by data's WASM kernels, is bit for bit what core's reference draws. Neither
 * package may import the other, so it is compared here.
 */
import { binarizeValues, fillNoise, shuffle, type PurposeKind } from '@lockstep/core';
import {
  allocateDataset,
  createBatchSource,
  datasetLabels,
  datasetValues,
  noiseKinds,
  stagingBytesPerWorker,
  type BatchPosition,
  type BatchSource,
  type BatchSpec,
  type NoiseKind,
  type NoiseShape,
} from '@lockstep/data';
import { expect, it } from 'vitest';

const stored = { valueType: 'uint8', format: { kind: 'array' } } as const;

const microBatch = 128;
/** Sizes below, at and above whole blocks of four values, and of the kernels' vectors. */
const noise = {
  scalar: { shape: [], distribution: 'normal' },
  latent: { shape: [20], distribution: 'normal' },
  image: { shape: [7, 3], distribution: 'normal' },
  dropout: { shape: [2, 3], distribution: 'uniform' },
  mask: { shape: [33], distribution: 'uniform' },
} satisfies BatchSpec['noise'];
const names = Object.keys(noise) as (keyof typeof noise)[];

interface Job {
  readonly examples: number;
  readonly seed: number;
  readonly epoch: number;
  readonly kind: NoiseKind;
}

const kindNames: Readonly<Record<NoiseKind, PurposeKind>> = {
  [noiseKinds.training]: 'trainNoise',
  [noiseKinds.evaluation]: 'evalNoise',
  [noiseKinds.sampling]: 'sampling',
};

/** Batches of a dataset whose labels are the indices of its examples. */
function openBatches({ examples, seed, kind }: Job): BatchSource {
  const spec: BatchSpec = {
    worker: 0,
    microBatch,
    inputs: { label: [] },
    noise,
    seed,
    noiseKind: kind,
    order: 'shuffled',
  };
  const dataset = allocateDataset(
    { ...stored, shape: [1], count: examples, classes: examples, source: 'indices' },
    { hasLabels: true, stagingBytes: stagingBytesPerWorker(spec) },
  );
  datasetLabels(dataset)?.forEach((_, i, labels) => (labels[i] = i));
  return createBatchSource(dataset, spec);
}

/** Whole small epochs; both ends of large ones. */
function positions({ examples, epoch }: Job): BatchPosition[] {
  const starts = Array.from({ length: Math.ceil(examples / microBatch) }, (_, i) => i * microBatch);
  return [...new Set([...starts.slice(0, 4), ...starts.slice(-2)])].map((start) => ({
    epoch,
    start,
    count: Math.min(microBatch, examples - start),
  }));
}

function reference(job: Job, name: keyof typeof noise, examples: readonly number[]): Float32Array {
  const { shape, distribution }: NoiseShape = noise[name];
  const length = shape.reduce((product, dim) => product * dim, 1);
  const out = new Float32Array(examples.length * length);
  const place = {
    seed: job.seed,
    kind: kindNames[job.kind],
    stream: names.indexOf(name),
    epoch: job.kind === noiseKinds.evaluation ? 0 : job.epoch,
  };
  examples.forEach((example, i) =>
    fillNoise(out.subarray(i * length, (i + 1) * length), distribution, { ...place, example }),
  );
  return out;
}

/** Tells 0 from -0. */
function bits(values: Float32Array | undefined, length: number): Uint32Array {
  return new Uint32Array(Float32Array.from(values?.subarray(0, length) ?? []).buffer);
}

const { training, evaluation, sampling } = noiseKinds;
it.each<Job>([
  { examples: 1, seed: 0, epoch: 0, kind: training },
  { examples: 5, seed: 1, epoch: 3, kind: sampling },
  { examples: 16, seed: 2 ** 32, epoch: 1, kind: evaluation },
  { examples: 257, seed: 2 ** 32 + 5, epoch: 2, kind: training },
  { examples: 1000, seed: Number.MAX_SAFE_INTEGER, epoch: 2 ** 32 - 1, kind: training },
  { examples: 60_000, seed: 7, epoch: 9, kind: training },
  { examples: 65_537, seed: 8, epoch: 1, kind: evaluation },
])('$examples examples, seed $seed, epoch $epoch, noise of kind $kind', (job) => {
  const batches = openBatches(job);
  const order = shuffle({ count: job.examples, seed: job.seed, epoch: job.epoch });
  for (const position of positions(job)) {
    const { start, count } = position;
    batches.fill(position);
    const examples = Array.from({ length: count }, (_, i) => order(start + i));
    expect([...(batches.buffers['batch/label'] ?? [])].slice(0, count)).toEqual(examples);
    for (const name of names) {
      const drawn = batches.buffers[`noise/${name}`];
      const expected = reference(job, name, examples);
      expect(bits(drawn, expected.length)).toEqual(bits(expected, expected.length));
    }
  }
});

const sizes = [1, 4, 7, 8, 9, 33, 784];
it.each([
  { how: 'static', kind: training, drawnEpoch: 0 },
  { how: 'dynamic', kind: training, drawnEpoch: 6 },
  { how: 'dynamic', kind: evaluation, drawnEpoch: 0 },
] as const)('$how binarisation, noise of kind $kind', ({ how, kind, drawnEpoch }) => {
  for (const [stream, size] of sizes.entries()) {
    const spec: BatchSpec = {
      worker: 0,
      microBatch: 9,
      inputs: { x: [size] },
      noise: {},
      seed: 2 ** 32 + 5,
      noiseKind: kind,
      order: 'sequential',
    };
    const dataset = allocateDataset(
      { ...stored, shape: [size], count: 9, source: 'bytes' },
      { hasLabels: false, stagingBytes: stagingBytesPerWorker(spec) },
    );
    // Some black, some white, every grey between.
    const bytes = datasetValues(dataset);
    bytes.forEach((_, i) => (bytes[i] = Math.max(0, Math.min(255, ((i * 37) % 300) - 20))));
    const batches = createBatchSource({ ...dataset, binarization: { how, stream } }, spec);
    batches.fill({ epoch: 5, start: 0, count: 9 });
    const expected = Float32Array.from(bytes, (value) => value / 255);
    for (let example = 0; example < 9; example++) {
      const place = { seed: spec.seed, kind: 'binarize', stream, epoch: drawnEpoch } as const;
      const row = expected.subarray(example * size, (example + 1) * size);
      binarizeValues(row, { ...place, example });
    }
    expect(bits(batches.buffers['batch/x'], 9 * size)).toEqual(bits(expected, 9 * size));
  }
});
