/**
 * Rows to a file: CSV, or Parquet where the name ends in .parquet. For results, whose columns are the
 * keys of the first row unless they are given.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { fileError } from '../sources/fileErrors.ts';
import type { TableRow, TableValue } from './tableRow.ts';

export type RowSource = Iterable<TableRow> | AsyncIterable<TableRow>;

/** Rows in memory at a time, and of a row group of Parquet. */
const partRows = 10_000;

/** Throws DataError where the file cannot be written. Memory does not grow with the rows. */
export async function writeTable(
  path: string,
  rows: RowSource,
  columns?: readonly string[],
): Promise<void> {
  try {
    await (/\.parquet$/i.test(path) ? writeParquet : writeCsv)(path, rows, columns);
  } catch (error) {
    throw fileError(path, error);
  }
}

/** One row of CSV (RFC 4180, lines that end in \n), without a line end. */
export function csvLine(values: readonly (TableValue | undefined)[], delimiter = ','): string {
  return values.map((value) => csvField(value, delimiter)).join(delimiter);
}

function csvField(value: TableValue | undefined, delimiter: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  const isPlain = !/["\r\n]|^\s|\s$/.test(value) && !value.includes(delimiter);
  return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
}

async function writeCsv(
  path: string,
  rows: RowSource,
  columns: readonly string[] | undefined,
): Promise<void> {
  const file = createWriteStream(path);
  let names = columns;
  const failed = once(file, 'close');
  const write = async (lines: readonly string[]): Promise<void> => {
    if (!file.write(`${lines.join('\n')}\n`)) await Promise.race([once(file, 'drain'), failed]);
  };
  try {
    for await (const part of parts(rows)) {
      const lines: string[] = [];
      if (!names) {
        names = Object.keys(part[0] ?? {});
        lines.push(csvLine(names));
      } else if (names === columns && file.bytesWritten === 0 && !file.writableLength) {
        lines.push(csvLine(names));
      }
      const header = names;
      lines.push(...part.map((row) => csvLine(header.map((name) => row[name]))));
      await write(lines);
    }
    if (columns && file.bytesWritten === 0 && !file.writableLength) await write([csvLine(columns)]);
  } finally {
    file.end();
    await failed;
  }
}

async function writeParquet(
  path: string,
  rows: RowSource,
  columns: readonly string[] | undefined,
): Promise<void> {
  const { fileWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  let writer: InstanceType<typeof ParquetWriter> | undefined;
  let types: readonly { readonly name: string; readonly type: 'DOUBLE' | 'STRING' }[] = [];
  for await (const part of parts(rows)) {
    if (!writer) {
      const names = columns ?? Object.keys(part[0] ?? {});
      types = names.map((name) => ({ name, type: typeOf(part, name) }));
      const columnData = types.map((each) => ({ ...each, data: [], nullable: true }));
      writer = new ParquetWriter({
        writer: fileWriter(path),
        schema: schemaFromColumnData({ columnData }),
      });
    }
    const columnData = types.map(({ name, type }) => ({
      name,
      data: part.map((row) => cell(row[name], type)),
      type,
      nullable: true,
    }));
    await writer.write({ columnData, rowGroupSize: partRows });
  }
  await writer?.finish();
}

/** By the first rows; a number in a column of texts is written as a text. */
function typeOf(rows: readonly TableRow[], name: string): 'DOUBLE' | 'STRING' {
  return rows.some((row) => typeof row[name] === 'string') ? 'STRING' : 'DOUBLE';
}

function cell(value: TableValue | undefined, type: 'DOUBLE' | 'STRING'): TableValue {
  if (value === null || value === undefined) return null;
  if (type === 'STRING') return String(value);
  return Number(value);
}

async function* parts(rows: RowSource): AsyncGenerator<readonly TableRow[]> {
  let part: TableRow[] = [];
  for await (const row of rows) {
    part.push(row);
    if (part.length < partRows) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
