/** Rows as a dataset of their own. */
import { allocateDataset, datasetValues, type Dataset } from '../dataset.ts';
import { rowCount, sparseWriter, type SparseRows } from './sparseRows.ts';

/** A dataset like another, of other rows and without labels. Throws DATA_OUT_OF_MEMORY. */
export function datasetOfRows(rows: SparseRows, like: Dataset): Dataset {
  const { shape, valueType, format, source, stagingBytes } = like;
  const info = { shape, valueType, format, source };
  const stored = { count: rowCount(rows), entries: rows.places.length };
  const dataset = allocateDataset({ ...info, ...stored }, { hasLabels: false, stagingBytes });
  sparseWriter(datasetValues(dataset), stored)(rows);
  return dataset;
}
