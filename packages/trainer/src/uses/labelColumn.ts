/** Labels as a column of a table: by name where the data names them; what is not known is empty, or -1. */
import type { ColumnValues, ResultColumn } from '../results/tableFormat.ts';

export function labelColumn(name: string, classNames: readonly string[] | undefined): ResultColumn {
  return { name, type: classNames ? 'string' : 'int32' };
}

export function labelValues(
  labels: Int32Array,
  classNames: readonly string[] | undefined,
): ColumnValues {
  if (!classNames) return labels;
  return Array.from(labels, (label) => (label < 0 ? '' : (classNames[label] ?? String(label))));
}
