/** The first examples of data, in memory: for what is shown of them. */
import { elementCount } from '../run/namedTensor.ts';
import { exampleGroups } from './exampleGroups.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface Examples {
  readonly count: number;
  /** Of one example. */
  readonly shape: readonly number[];
  readonly size: number;
  readonly x: Float32Array; // [count, size]
  /** Where the data has labels. [count] */
  readonly label: Float32Array | undefined;
}

/** The first `most` examples, or all. @throws DataError */
export async function takeExamples(
  trained: TrainedModel,
  data: UseData,
  most: number,
): Promise<Examples> {
  const { shape } = trained.example;
  const rows = Math.min(most, data.info.count);
  const onRead = (done: number, total: number): void => trained.tell(done, total, 'examples');
  for await (const { count, x, label } of exampleGroups(trained, data, { rows, most, onRead })) {
    return { count, shape, size: elementCount(shape), x, label };
  }
  throw new Error('data has examples');
}
