/** Whether data has anything to tell apart. */
import { datasetValues, type Dataset } from './dataset.ts';
import { storedBytes } from './valueType.ts';

/**
 * Whether all examples in memory have the same values. Ends at the first that has not, so it costs a pass only where
 * it is so. Undefined where that is not known: of one example, of sparse ones, of data that is streamed.
 */
export function areExamplesSame(dataset: Dataset): boolean | undefined {
  if (dataset.count < 2 || dataset.windows || dataset.valueType === 'sparse') return undefined;
  const { buffer, byteOffset, length } = datasetValues(dataset);
  const rowBytes = storedBytes({ ...dataset, count: 1 });
  // Each is the same as the one before it.
  const values = Buffer.from(buffer, byteOffset, length);
  return values.subarray(rowBytes).equals(values.subarray(0, length - rowBytes));
}
