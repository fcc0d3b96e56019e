/**
 * Results as a table: columns of numbers and strings, written to a file whose ending chooses the format.
 *
 *   .csv      RFC 4180, a header line; a number has as many digits as tell it apart from others of its
 *             type, NaN (not known) is an empty field
 *   .npy      an array [rows, columns] where all columns are of one type ([rows] for one column), else a
 *             structured array with named fields; numbers only
 *   .parquet  one column each, required; strings in UTF-8
 *
 * Written block by block, so that memory does not grow with the rows, into a set of files that appear together.
 */
import { extname } from 'node:path';
import { ConfigError } from '../errors.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { writeTogether, type FileSet } from '../run/fileSet.ts';
import { writeFailed } from '../run/writeFailed.ts';
import { csvFormat } from './csvTable.ts';
import { npyFormat } from './npyTable.ts';
import { parquetFormat } from './parquetTable.ts';
import type { ColumnValues, ResultColumn, TableFormat } from './tableFormat.ts';

const FORMATS: Readonly<Record<string, TableFormat>> = {
  '.csv': csvFormat,
  '.npy': npyFormat,
  '.parquet': parquetFormat,
};

/** Whether a path is that of NumPy's format, which holds numbers alone: no names, no texts. */
export function isNpyPath(path: string): boolean {
  return extname(path).toLowerCase() === '.npy';
}

export interface ResultTable {
  /**
   * Further rows: the values of each column, all of one length. They may be overwritten afterwards.
   * @throws RunError where the file cannot be written
   */
  append(values: readonly ColumnValues[]): Promise<void>;
  /** After the last row; how many there are. @throws RunError */
  finish(): Promise<number>;
}

/**
 * @param texts a column of texts, of which it says why NumPy's format will not do; absent: all are of numbers
 * @throws ConfigError unless the name ends in .csv, .npy or .parquet; RunError where the file cannot be written
 */
export function checkTablePath(path: string, where = '--out', texts?: string): void {
  const isNumbersOnly = tableFormat(path, where) === npyFormat;
  if (isNumbersOnly && texts !== undefined) {
    throw new ConfigError({
      code: 'CONFIG_TABLE_FILE',
      where,
      expected: `a file name that ends in .csv or .parquet, for ${texts}`,
      got: `${path}, which would hold numbers alone`,
      fix: 'Name it so.',
    });
  }
  checkOutput(path, where);
}

/**
 * Opens a table to append to, one of the files of a result.
 * @throws ConfigError where the format cannot hold the columns; RunError
 */
export async function createTable(
  path: string,
  columns: readonly ResultColumn[],
  files: FileSet,
): Promise<ResultTable> {
  const format = tableFormat(path, '--out');
  format.check?.(path, columns);
  const file = await files.create(path);
  const orFailed = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw writeFailed(path, error);
    });
  const encoder = await orFailed(format.open(file, columns));
  let rows = 0;
  return {
    append: async (values) => {
      const count = rowCount(columns, values);
      if (count === 0) return;
      await orFailed(encoder.append(values, count));
      rows += count;
    },
    finish: async () => {
      await orFailed(encoder.finish());
      return rows;
    },
  };
}

/** A table whose values are all there, whole or not at all. @throws ConfigError, RunError */
export function writeTable(
  path: string,
  columns: readonly (ResultColumn & { readonly values: ColumnValues })[],
): Promise<number> {
  return writeTogether(async (files) => {
    const table = await createTable(path, columns, files);
    await table.append(columns.map(({ values }) => values));
    return table.finish();
  });
}

function tableFormat(path: string, where: string): TableFormat {
  const found = FORMATS[extname(path).toLowerCase()];
  if (found) return found;
  throw new ConfigError({
    code: 'CONFIG_TABLE_FILE',
    where,
    expected: 'a file name that ends in .csv, .npy or .parquet',
    got: path,
    fix: 'Name it so.',
  });
}

function rowCount(columns: readonly ResultColumn[], values: readonly ColumnValues[]): number {
  const [count = 0, ...others] = values.map(({ length }) => length);
  if (values.length !== columns.length || others.some((other) => other !== count)) {
    throw new Error(`${values.length} columns of ${columns.length}, or of unequal lengths`);
  }
  return count;
}
