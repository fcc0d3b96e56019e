/** Rows as a dataset of their own. */
import { allocateDataset, datasetValues, type Dataset } from '../dataset.ts';
import { storedBytes } from '../valueType.ts';
import { rowCount, sparseWriter, type SparseRows } from './sparseRows.ts';

/** Room that is left, so that pieces of about one size fit into the memory of the first. */
const HEADROOM = 1.25;

/**
 * Makes datasets like another, of other rows and without labels. Each lies in the memory of that before, where it
 * fits: a piece's workers are done before the next is made. Throws DATA_OUT_OF_MEMORY.
 */
export function rowsToDataset(like: Dataset): (rows: SparseRows) => Dataset {
  const { shape, valueType, format, source, stagingBytes } = like;
  const info = { shape, valueType, format, source };
  let room: Dataset | undefined;
  return (rows) => {
    const stored = { count: rowCount(rows), entries: rows.places.length };
    if (!room || storedBytes({ ...info, ...stored }) > storedBytes(room)) {
      const entries = Math.ceil(HEADROOM * (stored.entries + stored.count));
      room = allocateDataset(
        { ...info, count: stored.count, entries },
        { hasLabels: false, stagingBytes },
      );
    }
    const dataset = { ...room, ...stored };
    sparseWriter(datasetValues(dataset), stored)(rows);
    return dataset;
  };
}
