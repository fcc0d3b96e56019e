/**
 * Parquet as a table: one row group after another, of it only the columns that are wanted, so memory is
 * bounded by the file's row groups. Rows are numbered from 1.
 */
import type { TakeBytes } from '../../splits/copyLines.ts';
import { fileError } from '../../sources/fileErrors.ts';
import { DataError } from '../../errors.ts';
import { parseDate } from '../dates.ts';
import { csvLine } from '../csv/csvLine.ts';
import { readNumber } from '../csv/fieldReader.ts';
import { isMissing } from '../missing.ts';
import type { Reading, SampleRow, ScanOptions, TableReader } from '../tableBlock.ts';
import { tableError } from '../tableErrors.ts';
import { cellText } from './cellText.ts';

const blockRows = 4096;
const sampledRows = 1000;
/** More digits after the point than anything was measured with. */
const manyDecimals = 10;
const powersOfTen = Array.from({ length: manyDecimals }, (_, i) => 10 ** i);

export interface ParquetOptions {
  readonly decimal: '.' | ',';
  readonly missing: ReadonlySet<string>;
}

/** Values of one column and row group, as hyparquet decodes them. */
type Column = ArrayLike<unknown>;

interface ParquetFile {
  readonly path: string;
  readonly names: readonly string[];
  /** First row of each row group, and the end of the last. */
  readonly bounds: readonly number[];
  readonly options: ParquetOptions;
  readColumn(name: string, rowStart: number, rowEnd: number): Promise<Column>;
}

export async function openParquet(path: string, options: ParquetOptions): Promise<TableReader> {
  const file = await openFile(path, options);
  const { names, bounds } = file;
  if (bounds.at(-1) === 0) throw noRows(path);
  const decimals = new Uint8Array(names.length);
  return {
    where: path,
    names,
    header: true,
    decimals,
    sample: await readSample(file),
    scan: (scan) => scanParquet(file, scan, decimals),
    copyParts: (partOf, parts, take) => copyAsCsv(file, partOf, parts, take),
  };
}

async function openFile(path: string, options: ParquetOptions): Promise<ParquetFile> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetScan }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file);
    const [root, ...elements] = metadata.schema;
    const nested = elements.find(
      ({ num_children: children, repetition_type: repetition }) =>
        (children ?? 0) > 0 || repetition === 'REPEATED',
    );
    if (nested || root === undefined) throw nestedColumn(path, nested?.name ?? '');
    const bounds = [0];
    for (const { num_rows: rows } of metadata.row_groups) {
      bounds.push((bounds.at(-1) ?? 0) + Number(rows));
    }
    const scan = await parquetScan({ file, metadata, compressors });
    return {
      path,
      names: elements.map(({ name }) => name),
      bounds,
      options,
      readColumn: (column, rowStart, rowEnd) => scan.readColumn({ column, rowStart, rowEnd }),
    };
  } catch (error) {
    throw brokenParquet(path, error);
  }
}

async function readSample(file: ParquetFile): Promise<SampleRow[]> {
  const rows = Math.min(sampledRows, file.bounds[1] ?? 0);
  const columns: Column[] = [];
  for (const name of file.names) columns.push(await read(file, name, 0, rows));
  return Array.from({ length: rows }, (_, r) => ({
    fields: columns.map((column) => cellText(column[r])),
    line: r + 1,
  }));
}

async function scanParquet(
  file: ParquetFile,
  options: ScanOptions,
  decimals: Uint8Array,
): Promise<void> {
  const { readings, misfit, take, limit = Infinity } = options;
  const { names, bounds } = file;
  const buffers = readings.map(({ as }) => new Float64Array(as === 'skip' ? 0 : blockRows));
  for (let group = 0; group + 1 < bounds.length; group++) {
    const start = bounds[group] ?? 0;
    const end = Math.min(bounds[group + 1] ?? 0, limit);
    if (end <= start) continue;
    const columns: (Column | undefined)[] = [];
    for (const [c, { as }] of readings.entries()) {
      columns.push(as === 'skip' ? undefined : await read(file, names[c] ?? '', start, end));
    }
    for (let first = start; first < end; first += blockRows) {
      const rows = Math.min(blockRows, end - first);
      readings.forEach((reading, c) => {
        const values = columns[c];
        const out = buffers[c];
        if (!values || !out) return;
        for (let r = 0; r < rows; r++) {
          const cell = values[first - start + r];
          const value = cellValue(cell, reading, file.options);
          if (value === undefined) misfit({ column: c, line: first + r + 1, text: cellText(cell) });
          out[r] = value ?? NaN;
          if (reading.as === 'number' && value !== undefined) {
            decimals[c] = decimalsOf(value, decimals[c] ?? 0);
          }
        }
      });
      const line = (row: number): number => first + row + 1;
      await take({ rows, first, columns: buffers.map((each) => each.subarray(0, rows)), line });
    }
  }
}

/** A row group at a time. */
async function copyAsCsv(
  file: ParquetFile,
  partOf: Uint8Array,
  parts: number,
  take: TakeBytes,
): Promise<void> {
  const { names, bounds } = file;
  const put = (part: number, lines: readonly string[]): Promise<void> =>
    take(part, Buffer.from(`${lines.join('\n')}\n`));
  for (let part = 0; part < parts; part++) await put(part, [csvLine(names)]);
  for (let group = 0; group + 1 < bounds.length; group++) {
    const [start = 0, end = 0] = bounds.slice(group, group + 2);
    const columns: Column[] = [];
    for (const name of names) columns.push(await read(file, name, start, end));
    const lines: string[][] = Array.from({ length: parts }, () => []);
    for (let row = start; row < end; row++) {
      const cells = columns.map((column) => cellText(column[row - start]));
      lines[partOf[row] ?? parts]?.push(csvLine(cells));
    }
    for (const [part, some] of lines.entries()) if (some.length > 0) await put(part, some);
  }
}

/** Digits after the point, at least `known`. */
function decimalsOf(value: number, known: number): number {
  let decimals = known;
  while (decimals < manyDecimals) {
    const power = powersOfTen[decimals] ?? 1;
    if (!(Math.abs(Math.round(value * power) / power - value) > 0)) break;
    decimals++;
  }
  return decimals;
}

async function read(
  file: ParquetFile,
  name: string,
  rowStart: number,
  rowEnd: number,
): Promise<Column> {
  try {
    return await file.readColumn(name, rowStart, rowEnd);
  } catch (error) {
    throw brokenParquet(`${file.path}, column ${JSON.stringify(name)}`, error);
  }
}

/** NaN: nothing is there; undefined: it is not what the column is read as. */
function cellValue(
  cell: unknown,
  reading: Reading,
  { decimal, missing }: ParquetOptions,
): number | undefined {
  if (cell === null || cell === undefined) return NaN;
  if (reading.as === 'raw') return reading.texts.push(cellText(cell)) - 1;
  if (reading.as === 'number') {
    if (typeof cell === 'number')
      return Number.isFinite(cell) || Number.isNaN(cell) ? cell : undefined;
    if (typeof cell === 'bigint') return Number(cell);
    if (typeof cell !== 'string') return undefined;
  }
  if (reading.as === 'date' && cell instanceof Date) return cell.getTime() / 86_400_000;
  if (typeof cell === 'number' && Number.isNaN(cell)) return NaN;
  const text = cellText(cell);
  if (reading.as === 'text') return reading.dictionary.codeOf(text);
  if (isMissing(text, missing)) return NaN;
  const value =
    reading.as === 'number'
      ? readNumber(text, decimal)
      : parseDate(text, reading.as === 'date' ? reading.order : 'ymd');
  return Number.isNaN(value) ? undefined : value;
}

function brokenParquet(where: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code.startsWith('E')) return fileError(where, error);
  return new DataError(
    {
      code: 'DATA_BAD_HEADER',
      where,
      expected: 'a complete Parquet file',
      got: `one that cannot be read (${error instanceof Error ? error.message : String(error)})`,
      fix: 'Write or copy the file again; if it is encrypted or newer than this reader, save it without, or as CSV.',
    },
    { cause: error },
  );
}

function nestedColumn(where: string, column: string): DataError {
  return tableError(
    { where, column },
    {
      code: 'DATA_DTYPE',
      expected: 'columns with one value a row',
      got: 'lists, maps or structures',
      fix: 'Write the table without this column, or with a column for each of its values.',
    },
  );
}

function noRows(where: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where,
    expected: 'at least one row',
    got: 'none',
    fix: 'Check that it is the right file.',
  });
}
