/**
 * Results as a table: columns of numbers and strings, written to a file whose ending chooses the format.
 *
 *   .csv      RFC 4180, a header line; a number has as many digits as tell it apart from others of its
 *             type, NaN (not known) is an empty field
 *   .npy      an array [rows, columns] where all columns are of one type ([rows] for one column), else a
 *             structured array with named fields; numbers only
 *   .parquet  one column each, required; strings in UTF-8
 *
 * Written block by block, so that memory does not grow with the rows; and whole or not at all.
 */
import { extname } from 'node:path';
import { ConfigError } from '../errors.ts';
import { createAtomicFile } from '../run/atomicFile.ts';
import { checkOutput } from '../run/checkOutput.ts';
import { makeFoldersFor } from '../run/makeFolders.ts';
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
  /** Puts the file in its place; the rows written. @throws RunError */
  finish(): Promise<number>;
  /** Leaves the path as it was. Of no effect after `finish`. */
  discard(): Promise<void>;
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
 * Opens a table to append to; folders on the way are made.
 * @throws ConfigError where the format cannot hold the columns; RunError
 */
export async function createTable(
  path: string,
  columns: readonly ResultColumn[],
): Promise<ResultTable> {
  const format = tableFormat(path, '--out');
  format.check?.(path, columns);
  await makeFoldersFor(path);
  const target = await createAtomicFile(path);
  const orDiscard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await target.discard();
      throw writeFailed(path, error);
    }
  };
  const encoder = await orDiscard(() => format.open(target.file, columns));
  let rows = 0;
  return {
    append: async (values) => {
      const count = rowCount(columns, values);
      if (count === 0) return;
      await orDiscard(() => encoder.append(values, count));
      rows += count;
    },
    finish: async () => {
      await orDiscard(() => encoder.finish());
      await target.commit();
      return rows;
    },
    discard: () => target.discard(),
  };
}

/** A table whose values are all there. @throws ConfigError, RunError */
export async function writeTable(
  path: string,
  columns: readonly (ResultColumn & { readonly values: ColumnValues })[],
): Promise<number> {
  const table = await createTable(path, columns);
  await table.append(columns.map(({ values }) => values));
  return table.finish();
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
