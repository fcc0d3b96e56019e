/** The first examples of a dataset as an evaluation sees them, for pictures. */
import { allocateDataset, datasetValues, type Dataset } from '../dataset.ts';
import { noiseKinds } from '../kernels/counter.ts';
import { sparseViews, storedBytes } from '../valueType.ts';
import { createBatchSource } from './batchSource.ts';
import { stagingBytesPerWorker } from './staging.ts';

/** `count` examples, one after another, as a model sees them. `seed` is the run's. */
export function firstExamples(dataset: Dataset, count: number, seed: number): Float32Array {
  const { shape, binarization, head } = dataset;
  if (head) return firstExamples(head, count, seed);
  const spec = { microBatch: count, inputs: { x: shape }, noise: {} };
  const copy = copyOfFirst(dataset, count, stagingBytesPerWorker(spec));
  const examples = createBatchSource(binarization ? { ...copy, binarization } : copy, {
    ...spec,
    worker: 0,
    seed,
    noiseKind: noiseKinds.evaluation,
    order: 'sequential',
  });
  examples.fill({ epoch: 0, start: 0, count });
  return Float32Array.from(examples.buffers['batch/x'] ?? []);
}

function copyOfFirst(dataset: Dataset, count: number, stagingBytes: number): Dataset {
  const { shape, source, valueType, format } = dataset;
  const info = { shape, source, valueType, format, count };
  const options = { hasLabels: false, stagingBytes };
  if (valueType !== 'sparse') {
    const copy = allocateDataset(info, options);
    datasetValues(copy).set(datasetValues(dataset).subarray(0, storedBytes(info)));
    return copy;
  }
  const from = sparseViews(dataset.memory.buffer, dataset.valuesOffset, dataset);
  const entries = from.offsets[count] ?? 0;
  const copy = allocateDataset({ ...info, entries }, options);
  const to = sparseViews(copy.memory.buffer, copy.valuesOffset, copy);
  to.offsets.set(from.offsets.subarray(0, count + 1));
  to.places.set(from.places.subarray(0, entries));
  to.weights.set(from.weights.subarray(0, entries));
  return copy;
}
