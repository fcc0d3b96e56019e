/**
 * A worker's micro-batches: gathers examples from the dataset as numbers, draws their noise, all
 * by WASM kernels on the shared memory. The buffers lie in the worker's own share of the staging
 * area and never move, so an executable can be bound to them once.
 *
 * What a batch holds depends on (seed, epoch, position) only, never on who fills it or when.
 */
import { createAugmenter } from '../augment/augmenter.ts';
import type { Dataset } from '../dataset.ts';
import { noiseKinds, noisePurpose, seedKey, type NoiseKind } from '../kernels/counter.ts';
import { distributionCodes, instantiateKernels, type Kernels } from '../kernels/kernels.ts';
import { elementCount } from '../shape.ts';
import { createBinarizer } from './binarizer.ts';
import { checkInputs } from './checkInputs.ts';
import { createOrder, type Segment } from './order.ts';
import { layoutStaging, type StagingSpec } from './staging.ts';

export interface BatchSpec extends StagingSpec {
  /** Index of the worker: which share of the staging area is its own. */
  readonly worker: number;
  /** Non-negative safe integer. */
  readonly seed: number;
  readonly noiseKind: NoiseKind;
  /** Noise of its own in each epoch. Default: except of evaluations, which all see the same. */
  readonly noiseEachEpoch?: boolean;
  /** `shuffled`: another order each epoch. `sequential`: as in the source. */
  readonly order: 'shuffled' | 'sequential';
}

/** Positions [start, start + count) of an epoch's order. */
export interface BatchPosition {
  readonly epoch: number;
  readonly start: number;
  readonly count: number;
}

export interface BatchSource {
  /** `batch/x` [m, ...], `batch/label` [m], `noise/<name>` [m, ...], `weight` [m]. */
  readonly buffers: Readonly<Record<string, Float32Array>>;
  /**
   * Fills the buffers; returns the number of examples, `count`. The rows behind them are padding:
   * values, labels, noise and weight 0.
   */
  fill(position: BatchPosition): number;
}

/** Throws DataError where the data does not fit `spec.inputs`. */
export function createBatchSource(dataset: Dataset, spec: BatchSpec): BatchSource {
  checkInputs(dataset, spec.inputs);
  const layout = layoutStaging(spec);
  const base = dataset.stagingOffset + spec.worker * layout.bytes;
  if (base + layout.bytes > dataset.stagingOffset + dataset.stagingBytes) {
    throw new RangeError(
      `The staging area of ${dataset.stagingBytes} bytes has no share of ${layout.bytes} bytes for worker ${spec.worker}.`,
    );
  }
  const buffers = Object.fromEntries(
    Object.entries(layout.buffers).map(([name, { offset, length }]) => [
      name,
      new Float32Array(dataset.memory.buffer, base + offset, length),
    ]),
  );
  const share: Share = {
    dataset,
    spec,
    kernels: instantiateKernels(dataset.memory),
    buffers,
    scratch: base + layout.scratch,
    indices: base + layout.indices,
    numbers: base + (dataset.windows ? layout.numbers : layout.indices),
  };
  const order = createOrder({ ...spec, ...share });
  const gather = makeGather(share);
  const binarize = makeBinarize(share);
  const augment = makeAugment(share);
  const drawNoise = makeNoise(share);
  return {
    buffers,
    fill(position) {
      const { start, count } = position;
      if (!(count >= 0 && count <= spec.microBatch && start >= 0)) {
        throw new RangeError(`A micro-batch of ${spec.microBatch} cannot take ${count} examples.`);
      }
      if (start + count > dataset.count) {
        throw new RangeError(
          `There are ${dataset.count} positions; ${start + count} is past them.`,
        );
      }
      order(position, gather);
      binarize(position);
      augment(position);
      drawNoise(position);
      padRows(buffers, count, spec.microBatch);
      return count;
    },
  };
}

/** A worker's share of the staging area: views, and byte addresses for the kernels. */
interface Share {
  readonly dataset: Dataset;
  readonly spec: BatchSpec;
  readonly kernels: Kernels;
  readonly buffers: BatchSource['buffers'];
  readonly scratch: number;
  /** Where in memory the batch's examples are, and which they are: the same, unless data is streamed. */
  readonly indices: number;
  readonly numbers: number;
}

function makeGather(share: Share): (segment: Segment) => void {
  const { dataset, kernels, buffers, indices } = share;
  const { labelsOffset } = dataset;
  const gatherValues = makeGatherValues(share);
  const labels = buffers['batch/label']?.byteOffset;
  if (labels === undefined || labelsOffset === undefined) return gatherValues;
  return (segment) => {
    gatherValues(segment);
    const { row, count, base } = segment;
    kernels.gatherLabels(labelsOffset + base, indices + 4 * row, count, labels + 4 * row);
  };
}

function makeGatherValues({
  dataset,
  kernels,
  buffers,
  indices,
}: Share): (segment: Segment) => void {
  const out = buffers['batch/x']?.byteOffset;
  if (out === undefined) return () => undefined;
  const { valuesOffset, valueType } = dataset;
  const size = elementCount(dataset.shape);
  const dense =
    (gather: 'gather' | 'gatherCodes' | 'gatherFloats') =>
    ({ row, count, base }: Segment): void => {
      const from = valuesOffset + base;
      kernels[gather](from, indices + 4 * row, count, size, out + 4 * size * row);
    };
  switch (valueType) {
    case 'uint8':
      return dense('gather');
    case 'uint16':
      return dense('gatherCodes');
    case 'float32':
      return dense('gatherFloats');
    case 'sparse': {
      const words = new Uint32Array(dataset.memory.buffer);
      return ({ row, count, base, rows }) => {
        const offsets = valuesOffset + base;
        const places = offsets + 4 * (rows + 1);
        const weights = places + 4 * (words[places / 4 - 1] ?? 0);
        const [from, to] = [indices + 4 * row, out + 4 * size * row];
        kernels.gatherSparse(offsets, places, weights, from, count, size, to);
      };
    }
  }
}

function makeBinarize(share: Share): (position: BatchPosition) => void {
  const { dataset, spec, buffers } = share;
  const values = buffers['batch/x']?.byteOffset;
  if (!dataset.binarization || values === undefined) return () => undefined;
  const size = elementCount(dataset.shape);
  const binarize = createBinarizer(dataset.binarization, {
    ...spec,
    ...share,
    indices: share.numbers,
    values,
    size,
  });
  return ({ epoch, count }) => {
    binarize(epoch, count);
  };
}

/** Of what is trained on: whoever evaluates on the training data sees it as it is. */
function makeAugment(share: Share): (position: BatchPosition) => void {
  const { dataset, spec, buffers } = share;
  const values = buffers['batch/x']?.byteOffset;
  const isTraining = spec.noiseKind === noiseKinds.training;
  if (!dataset.augmentation || !isTraining || values === undefined) return () => undefined;
  const { shape } = dataset;
  const augment = createAugmenter(dataset.augmentation, {
    ...spec,
    ...share,
    indices: share.numbers,
    values,
    shape,
  });
  return ({ epoch, count }) => {
    augment(epoch, count);
  };
}

function makeNoise(share: Share): (position: BatchPosition) => void {
  const { spec, kernels, buffers, scratch, numbers } = share;
  const [key0, key1] = seedKey(spec.seed);
  const arrays = Object.entries(spec.noise).map(([name, { shape, distribution }], stream) => ({
    code: distributionCodes[distribution],
    size: elementCount(shape),
    purpose: noisePurpose(spec.noiseKind, stream),
    out: buffers[`noise/${name}`]?.byteOffset ?? 0,
  }));
  const { noiseEachEpoch = spec.noiseKind !== noiseKinds.evaluation } = spec;
  return ({ epoch, count }) => {
    const noiseEpoch = noiseEachEpoch ? epoch : 0;
    for (const { code, size, purpose, out } of arrays) {
      kernels.noise(numbers, count, size, code, noiseEpoch, purpose, key0, key1, scratch, out);
    }
  };
}

function padRows(buffers: BatchSource['buffers'], count: number, microBatch: number): void {
  buffers['weight']?.fill(1, 0, count);
  if (count === microBatch) return;
  for (const buffer of Object.values(buffers)) {
    buffer.fill(0, (buffer.length / microBatch) * count);
  }
}
