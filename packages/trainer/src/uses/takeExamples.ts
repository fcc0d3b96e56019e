/** The first examples of data, in memory: for what is shown of them. */
import { firstExamples } from '@lockstep/data';
import { elementCount } from '../run/namedTensor.ts';
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

/** The first `most` examples, or all; of data that is streamed, at most the first 256, which are in memory. */
export async function takeExamples(
  trained: TrainedModel,
  data: UseData,
  most: number,
): Promise<Examples> {
  const dataset = await data.load();
  const count = Math.min(most, (dataset.head ?? dataset).count);
  const { shape } = trained.example;
  return {
    count,
    shape,
    size: elementCount(shape),
    x: firstExamples(dataset, count, trained.config.seed),
    label: data.labels && Float32Array.from(data.labels.subarray(0, count)),
  };
}
