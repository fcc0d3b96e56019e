/** Ratings between the memory of a dataset and rows. */
import { allocateDataset, datasetValues, type Dataset } from '../dataset.ts';
import { sparseViews } from '../valueType.ts';
import { rowCount, writeRows, type SparseRows } from './sparseRows.ts';

/** The rows of a loaded dataset; views of its memory. Undefined where its values are not sparse. */
export function datasetRows(dataset: Dataset): SparseRows | undefined {
  if (dataset.valueType !== 'sparse') return undefined;
  return sparseViews(dataset.memory.buffer, dataset.valuesOffset, dataset);
}

/** A dataset like another, of other rows and without labels. Throws DATA_OUT_OF_MEMORY. */
export function datasetOfRows(rows: SparseRows, like: Dataset): Dataset {
  const { shape, valueType, format, source, stagingBytes } = like;
  const info = { shape, valueType, format, source };
  const dataset = allocateDataset(
    { ...info, count: rowCount(rows), entries: rows.places.length },
    { hasLabels: false, stagingBytes },
  );
  writeRows(rows, datasetValues(dataset));
  return dataset;
}
