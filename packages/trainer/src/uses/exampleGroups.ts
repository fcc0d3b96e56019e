/**
 * Examples of data in their order, as a model sees them, so many at a time, in this thread. Of data that is streamed
 * no more is in memory than its windows and one group.
 */
import { setImmediate } from 'node:timers/promises';
import { createBatchSource, noiseKinds, whenPresent } from '@lockstep/data';
import { required } from '../modelFunctions.ts';
import { rowsAtOnce } from '../rows/mapRows.ts';
import { elementCount } from '../run/namedTensor.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface ExampleGroup {
  /** Number of its first example. */
  readonly first: number;
  readonly count: number;
  /** In shared memory; the next group takes its place. [count, size] */
  readonly x: Float32Array<SharedArrayBuffer>;
  /** Where the data has labels. [count] */
  readonly label: Float32Array | undefined;
}

export interface GroupOptions {
  /** Examples of a group, but of the last. */
  readonly rows: number;
  /** Number of the first. Default 0. */
  readonly from?: number;
  /** So many of them; default: all. */
  readonly most?: number;
  /** Called before some are read: how many were. What it throws ends it. */
  onRead(done: number, total: number): void;
}

/**
 * Not while a function is mapped over the same data: both use its staging memory.
 * @throws DataError, the reason where the use is ended
 */
export async function* exampleGroups(
  trained: TrainedModel,
  data: UseData,
  { rows, from = 0, most = Infinity, onRead }: GroupOptions,
): AsyncGenerator<ExampleGroup, void, undefined> {
  // Hidden labels are of no account here.
  const { knownLabels: _hidden, ...dataset } = await data.load();
  const { example, config } = trained;
  const size = elementCount(example.shape);
  const total = Math.min(most, dataset.count - from);
  const microBatch = Math.min(rowsAtOnce(example), total);
  const source = createBatchSource(dataset, {
    ...{ microBatch, inputs: { x: example.shape }, noise: {}, worker: 0, seed: config.seed },
    ...{ noiseKind: noiseKinds.evaluation, order: 'sequential' },
  });
  const batch = required(source.buffers['batch/x']);
  const atOnce = Math.min(microBatch, dataset.windows?.plan.windowRows ?? Infinity);
  const x = new Float32Array(new SharedArrayBuffer(4 * Math.min(rows, total) * size));
  for (let before = 0; before < total; before += rows) {
    const count = Math.min(rows, total - before);
    const first = from + before;
    for (let done = 0; done < count; done += atOnce) {
      const taken = Math.min(atOnce, count - done);
      // Signals that came meanwhile are heard now.
      await setImmediate();
      onRead(before + done, total);
      await trained.orEnded(whenPresent(dataset, first + done, taken));
      source.fill({ epoch: 0, start: first + done, count: taken });
      x.set(batch.subarray(0, taken * size), done * size);
    }
    yield {
      ...{ first, count, x: x.subarray(0, count * size) },
      label: data.labels && Float32Array.from(data.labels.subarray(first, first + count)),
    };
  }
}
