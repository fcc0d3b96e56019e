/** A table by a path, with the settings that a user gives by name. */
import type { DataFormat } from '../format.ts';
import type { ReadSettings } from '../options.ts';
import { readSettings } from '../readSettings.ts';
import type { OpenKind } from '../sources/openedPath.ts';
import { openTable } from './openTable.ts';
import type { OpenTableOptions } from './tableOptions.ts';

const SETTINGS: readonly (keyof OpenTableOptions)[] = [
  'schema',
  'label',
  'header',
  'delimiter',
  'decimal',
  'dates',
  'missing',
  'unknown',
];

export const openTableData: OpenKind = async (path, { options, format }) => ({
  train: await openTable(path, tableOptions(options.read, format)),
});

/** Words for missing values have `|` between them. With a format, its schema and label are not said again. */
function tableOptions(
  read: ReadSettings | undefined,
  format: DataFormat | undefined,
): OpenTableOptions {
  const { missing, ...others } = readSettings<OpenTableOptions>('table', read, SETTINGS);
  const words = missing !== undefined && { missing: String(missing).split('|') };
  if (format?.kind !== 'table') return { ...others, ...words };
  const { schema: _schema, label: _label, ...ofFile } = others;
  return { format, ...ofFile, ...words };
}
