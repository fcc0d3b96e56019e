/** A dataset whose examples tell their index: value k of example i is (i * size + k) mod 256. */
import { allocateDataset, datasetLabels, datasetValues, type Dataset } from '../dataset.ts';

export interface NumberedOptions {
  readonly count: number;
  readonly shape: readonly number[];
  readonly stagingBytes: number;
  /** Labels are then the indices. */
  readonly labels?: boolean;
}

export function numberedDataset(options: NumberedOptions): Dataset {
  const { count, shape, stagingBytes, labels = false } = options;
  const info = {
    count,
    shape,
    valueType: 'uint8',
    format: { kind: 'array' },
    source: 'numbered',
    ...(labels ? { classes: count } : {}),
  } as const;
  const dataset = allocateDataset(info, { hasLabels: labels, stagingBytes });
  const values = datasetValues(dataset);
  for (let i = 0; i < values.length; i++) values[i] = i;
  datasetLabels(dataset)?.set(Array.from({ length: count }, (_, i) => i));
  return dataset;
}
