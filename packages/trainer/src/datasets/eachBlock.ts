/** The examples of a part as a model sees them, block by block. */
import {
  createBatchSource,
  noiseKinds,
  stagingBytesPerWorker,
  type DataPart,
  type DataSource,
  whenPresent,
} from '@lockstep/data';
import { elementCount } from '../run/namedTensor.ts';

const VALUES_OF_BLOCK = 1 << 16;

/** `x`: [count, ...shape], overwritten by the next block. Binarised data is that of seed 0. */
export async function eachBlock(
  data: DataSource,
  part: DataPart,
  take: (x: Float32Array, count: number) => void,
  most = Infinity,
): Promise<void> {
  const info = data[part];
  if (!info) return;
  const size = elementCount(info.shape);
  const microBatch = Math.max(1, Math.floor(VALUES_OF_BLOCK / size));
  const spec = { microBatch, inputs: { x: info.shape }, noise: {} };
  // Hidden labels are of no account here.
  const { knownLabels: _hidden, ...dataset } = await data.load(part, {
    stagingBytes: stagingBytesPerWorker(spec),
    stepRows: microBatch,
  });
  const source = createBatchSource(dataset, {
    ...spec,
    worker: 0,
    seed: 0,
    noiseKind: noiseKinds.evaluation,
    order: 'sequential',
  });
  const total = Math.min(most, info.count);
  for (let start = 0; start < total; start += microBatch) {
    const count = Math.min(microBatch, total - start);
    await whenPresent(dataset, start, count);
    source.fill({ epoch: 0, start, count });
    take(source.buffers['batch/x']?.subarray(0, count * size) ?? new Float32Array(), count);
  }
}
