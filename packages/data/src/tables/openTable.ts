/**
 * Opens a table, CSV or Parquet. What its columns are is inferred from all of its rows or said by a schema;
 * how they are scaled is fitted on the training part; or both are those of a trained run.
 */
import { open } from 'node:fs/promises';
import { fileError } from '../sources/fileErrors.ts';
import type { OpenedFile } from '../sources/exampleSource.ts';
import { openCsv } from './csv/csvReader.ts';
import { columnNotes } from './columnNotes.ts';
import { reportColumn, schemaColumn, type ColumnReport } from './describeColumns.ts';
import { fitTable } from './fitTable.ts';
import { inspectTable } from './inspectTable.ts';
import { matchColumns, matchSchema } from './matchColumns.ts';
import { defaultMissing } from './missing.ts';
import type { TableSchema } from './schema.ts';
import { formatSchema, readSchema } from './schemaFile.ts';
import { Dictionary } from './dictionary.ts';
import type { Reading, SampleRow, TableReader } from './tableBlock.ts';
import { noSuchColumn, tableError } from './tableErrors.ts';
import { labelColumn, type TableFormat } from './tableFormat.ts';
import { checkTableOptions, type OpenTableOptions } from './tableOptions.ts';
import { tableSource, type TableSource, type TableSourceOptions } from './tableSource.ts';
import { unseenAmong } from './unseenAmong.ts';

/** What a column says in each row: the index among `texts`, -1 where it is missing. */
interface ColumnTexts {
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

export interface OpenedTable extends OpenedFile {
  readonly classNames: readonly string[] | undefined;
  /** Names of the file's columns. */
  readonly names: readonly string[];
  /** Some of the first rows as they are written, one field a column. */
  readonly sample: readonly SampleRow[];
  /** What each column is and holds; absent where the format of a trained run says so. */
  readonly columns: readonly ColumnReport[];
  readonly schema: TableSchema | undefined;
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
  /** A number for each row, the same for rows with the same value in this column, -1 where it is missing. */
  groups(column: string): Promise<Int32Array>;
  /** The source with the format given, or fitted on the rows at these positions (ascending; default: all). */
  fit(train?: Uint32Array): Promise<TableSource>;
}

/** Throws DataError. */
export async function openTable(
  path: string,
  options: OpenTableOptions = {},
): Promise<OpenedTable> {
  checkTableOptions(options);
  return options.format ? openAsTrained(path, options, options.format) : openToFit(path, options);
}

async function openToFit(path: string, options: OpenTableOptions): Promise<OpenedTable> {
  const { label, dates, unknown = 'error' } = options;
  const given =
    typeof options.schema === 'string' ? await readSchema(options.schema) : options.schema;
  const decimal = options.decimal ?? given?.decimal ?? '.';
  const missing = options.missing ?? given?.missing ?? defaultMissing;
  const reader = await openReader(path, {
    header: options.header ?? given?.header,
    delimiter: options.delimiter ?? given?.delimiter,
    decimal,
    missing: new Set(missing),
    names: given?.columns.map(({ name }) => name),
  });
  const known = matchSchema(reader, given, label);
  const inspected = await inspectTable(reader, {
    decimal,
    dates,
    missing: new Set(missing),
    known,
  });
  const columns = inspected.columns.map(reportColumn);
  const schema: TableSchema = {
    header: reader.header,
    ...(reader.delimiter === undefined ? {} : { delimiter: reader.delimiter }),
    ...(decimal === ',' ? { decimal } : {}),
    ...(missing === defaultMissing ? {} : { missing: [...missing] }),
    columns: inspected.columns.map(schemaColumn),
  };
  if (columns.every(({ kind }) => kind === 'ignore' || kind === 'label')) {
    throw nothingToLearn(path, columns);
  }
  const { count, labels } = inspected;
  const labelReport = inspected.columns.find(({ kind }) => kind.kind === 'label');
  return {
    where: path,
    count,
    labels,
    classNames: labelReport?.texts?.categories,
    names: reader.names,
    sample: reader.sample,
    columns,
    schema,
    notes: columnNotes(columns, { isGiven: given !== undefined, label: labelReport?.name }),
    groups: async (column) => (await readTexts(reader, column, new Set(missing))).codes,
    copyParts: reader.copyParts,
    fit: async (train) => {
      const { format } = await fitTable({ reader, inspected, decimal, missing, train });
      return tableSource({ reader, format, count, labels, unknown });
    },
  };
}

async function openAsTrained(
  path: string,
  { unknown = 'error', delimiter, header, ...written }: OpenTableOptions,
  trained: TableFormat,
): Promise<OpenedTable> {
  const { decimal = trained.decimal, dates } = written;
  const columns = trained.columns.map((column) =>
    dates && column.kind === 'date' ? { ...column, order: dates } : column,
  );
  // Texts of this file, values of the trained run's columns.
  const format = { ...trained, columns, decimal, missing: written.missing ?? trained.missing };
  const missing = new Set(format.missing);
  const reader = await openReader(path, {
    header: header ?? (format.header ? undefined : false),
    delimiter,
    decimal: format.decimal,
    missing,
    format,
  });
  const { notes } = matchColumns(reader, format, unknown);
  const label = labelColumn(format);
  const { count, labels, unseenLabels } = await countRows(reader, format);
  return {
    where: path,
    count,
    labels,
    classNames: label?.categories,
    names: reader.names,
    sample: reader.sample,
    columns: [],
    schema: undefined,
    notes,
    groups: async (column) => (await readTexts(reader, column, missing)).codes,
    fit: async () => tableSource({ reader, format, count, labels, unseenLabels, unknown }),
  };
}

export interface ReaderOptions {
  readonly header: boolean | undefined;
  readonly delimiter: string | undefined;
  readonly decimal: '.' | ',';
  readonly missing: ReadonlySet<string>;
  /** Of the columns, for a file whose header names none. */
  readonly names?: readonly string[] | undefined;
  readonly format?: TableFormat;
}

async function openReader(path: string, options: ReaderOptions): Promise<TableReader> {
  if (await isParquet(path)) {
    const { openParquet } = await import('./parquet/parquetReader.ts');
    return openParquet(path, options);
  }
  return openCsv(path, options);
}

async function isParquet(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return bytesRead === 4 && buffer.toString('latin1') === 'PAR1';
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return false;
    throw fileError(path, error);
  }
}

/** Labels by the names that training knows. */
async function countRows(
  reader: TableReader,
  format: TableFormat,
): Promise<Pick<TableSourceOptions, 'count' | 'labels' | 'unseenLabels'>> {
  const label = labelColumn(format);
  const at = label ? reader.names.indexOf(label.name) : -1;
  if (!label || at < 0) return { count: await countOnly(reader), labels: undefined };
  const { codes, texts } = await readCodes(reader, at, new Set(format.missing));
  const labelOf = texts.map((text) => label.categories.indexOf(text));
  const labels = codes.map((code) => labelOf[code] ?? -1);
  return { count: codes.length, labels, unseenLabels: unseenAmong(codes, texts, labels) };
}

/** Nothing is held of a row. */
async function countOnly(reader: TableReader): Promise<number> {
  let count = 0;
  await reader.scan({
    readings: reader.names.map((): Reading => ({ as: 'skip' })),
    misfit: () => undefined,
    take: ({ rows }) => void (count += rows),
  });
  return count;
}

async function readTexts(
  reader: TableReader,
  column: string,
  missing: ReadonlySet<string>,
): Promise<ColumnTexts> {
  const at = reader.names.indexOf(column);
  if (at >= 0) return readCodes(reader, at, missing);
  throw noSuchColumn(reader, column);
}

/** The code of one column's text in each row, -1 where it is missing. */
async function readCodes(
  reader: TableReader,
  at: number,
  missing: ReadonlySet<string>,
): Promise<ColumnTexts> {
  const dictionary = new Dictionary(Infinity, missing);
  const parts: Int32Array[] = [];
  await reader.scan({
    readings: reader.names.map((_, c): Reading =>
      c === at ? { as: 'text', dictionary } : { as: 'skip' },
    ),
    misfit: () => undefined,
    take: ({ rows, columns }) => {
      const part = new Int32Array(rows).fill(-1);
      columns[at]?.forEach((code, r) => {
        if (!Number.isNaN(code)) part[r] = code;
      });
      parts.push(part);
    },
  });
  const values = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let first = 0;
  for (const part of parts) {
    values.set(part, first);
    first += part.length;
  }
  return { codes: values, texts: dictionary.texts };
}

function nothingToLearn(where: string, columns: readonly ColumnReport[]): Error {
  const [first] = columns.filter(({ kind }) => kind === 'ignore');
  return tableError(
    { where },
    {
      code: 'DATA_EMPTY',
      expected: 'at least one column to learn from',
      got: `${columns.length}, none of which is${first ? ` ("${first.name}": ${first.remark})` : ''}`,
      fix: 'Check that it is the right file; a schema says what columns are, whatever they look like.',
    },
  );
}

/** The schema of an opened table as a file to edit, each column with what it holds. */
export async function schemaText({
  schema,
  columns,
}: Pick<OpenedTable, 'schema' | 'columns'>): Promise<string> {
  if (!schema) throw new Error('A table read as a trained run says has no schema of its own.');
  const remarks = Object.fromEntries(
    columns.map(({ name, kind, missing, remark }) => [
      name,
      missing > 0 && kind !== 'ignore' ? `${remark}, ${missing} missing` : remark,
    ]),
  );
  return formatSchema(schema, remarks);
}
