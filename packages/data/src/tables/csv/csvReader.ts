/** A CSV file: how it is written, found out or told, and its rows, as often as wanted. */
import { DataError } from '../../errors.ts';
import { fileError } from '../../sources/fileErrors.ts';
import { copyLines } from '../../splits/copyLines.ts';
import { namesByPlace } from '../matchColumns.ts';
import type { TableFormat } from '../tableFormat.ts';
import type { TableReader, ScanOptions } from '../tableBlock.ts';
import { tableError } from '../tableErrors.ts';
import { csvBytes, csvHead } from './csvBytes.ts';
import { detectDelimiter, detectHeader, headText } from './detect.ts';
import type { Dialect } from './dialect.ts';
import { openQuote, rowTooLong } from './rowErrors.ts';
import { RowParser } from './rowParser.ts';
import { splitRows, type SplitRow } from './splitRows.ts';

export interface CsvOptions {
  /** One ASCII character. Default: found out. */
  readonly delimiter?: string | undefined;
  /** Whether the first row names the columns. Default: found out. */
  readonly header?: boolean | undefined;
  readonly decimal: '.' | ',';
  readonly missing: ReadonlySet<string>;
  /** Of the columns, by their place, where there is no header. */
  readonly names?: readonly string[] | undefined;
  readonly format?: TableFormat | undefined;
}

const headBytes = 1 << 18;
const longestHeader = 1 << 24;
const sampledRows = 200;
/** Values of a block: its columns should stay in cache. */
const blockValues = 1 << 16;

/** Throws DataError. */
export async function openCsv(path: string, options: CsvOptions): Promise<TableReader> {
  const { decimal, missing } = options;
  const head = await readHead(path);
  const { text, mark } = headText(path, head.bytes);
  const delimiter = options.delimiter ?? detectDelimiter(text, head.isAll);
  const rows = splitRows(text, delimiter, sampledRows, head.isAll);
  const [first] = rows;
  if (!first || first.isOpen) throw firstRowEndless(path, text, head.isAll);
  const header = options.header ?? detectHeader(rows, decimal, missing);
  const width = first.fields.length;
  const names = header
    ? headerNames(path, first)
    : (namesByPlace(path, width, options.names, options.format) ??
      first.fields.map((_, c) => `column${c + 1}`));
  const sample = header ? rows.slice(1) : rows;
  if (sample.length === 0 && head.isAll) throw noRows(path);
  // Rows begin behind the header, in bytes and in lines.
  const skip = header ? mark + Buffer.byteLength(text.slice(0, first.next)) : mark;
  const line = header ? 1 + (text.slice(0, first.next).match(/\n/g)?.length ?? 0) : 1;
  const decimals = new Uint8Array(names.length);
  const dialect: Dialect = { delimiter, decimal, missing };
  const file = { dialect, names, skip, line, decimals };
  return {
    where: path,
    names,
    header,
    delimiter,
    decimals,
    sample,
    scan: (scan) => scanCsv(path, file, scan),
    copyParts: async (partOf, parts, take) =>
      copyLines(path, { lines: await rowLines(path, file, partOf.length), partOf, parts }, take),
  };
}

/** The line on which each of so many rows begins. */
async function rowLines(path: string, file: CsvFile, count: number): Promise<Uint32Array> {
  const lines = new Uint32Array(count);
  await scanCsv(path, file, {
    readings: file.names.map(() => ({ as: 'skip' })),
    misfit: () => undefined,
    take: ({ rows, first, line }) => {
      for (let r = 0; r < rows; r++) lines[first + r] = line(r);
    },
  });
  return lines;
}

async function readHead(
  path: string,
): Promise<{ readonly bytes: Buffer; readonly isAll: boolean }> {
  const head = await csvHead(path, headBytes);
  if (head.isAll && head.bytes.length === 0) {
    throw new DataError({
      code: 'DATA_EMPTY',
      where: path,
      expected: 'a table',
      got: 'an empty file',
      fix: 'Download or write the file again.',
    });
  }
  if (head.isAll || head.bytes.includes(10)) return head;
  return csvHead(path, longestHeader);
}

interface CsvFile {
  readonly dialect: Dialect;
  readonly names: readonly string[];
  readonly skip: number;
  readonly line: number;
  readonly decimals: Uint8Array;
}

async function scanCsv(path: string, file: CsvFile, options: ScanOptions): Promise<void> {
  const { dialect, names, line, decimals } = file;
  const { readings, misfit, take, limit = Infinity } = options;
  const capacity = Math.min(4096, Math.max(16, Math.floor(blockValues / names.length)));
  const parser = new RowParser({
    ...{ where: path, dialect, names, readings, capacity, line, decimals, misfit },
  });
  let first = 0;
  const handOut = async (): Promise<void> => {
    const rows = Math.min(parser.rows, limit - first);
    if (rows === 0) return;
    const lines = parser.lines();
    const columns = parser.columns();
    await take({ rows, first, columns, line: (row) => lines[row] ?? 0 });
    first += rows;
    parser.clear();
  };
  const drain = async (): Promise<void> => {
    while (parser.parse()) await handOut();
  };
  try {
    let skip = file.skip;
    for await (const chunk of csvBytes(path)) {
      const skipped = Math.min(skip, chunk.length);
      skip -= skipped;
      parser.feed(chunk.subarray(skipped));
      await drain();
      if (first >= limit) return;
    }
    parser.finish();
    await drain();
    parser.close();
    await handOut();
  } catch (error) {
    throw fileError(path, error);
  }
}

function headerNames(path: string, { fields, line }: SplitRow): string[] {
  const names = fields.map((name, c) => name || `column${c + 1}`);
  const twice = names.find((name, c) => names.indexOf(name) !== c);
  if (twice === undefined) return names;
  throw tableError(
    { where: path, row: line, column: twice },
    {
      code: 'DATA_TABLE_HEADER',
      expected: 'a name of its own for each column',
      got: 'the same one twice',
      fix: 'Rename one of the columns; if the first row names none, say so (`--read header=false`, or `header: false` in the schema).',
    },
  );
}

function firstRowEndless(path: string, text: string, isAll: boolean): DataError {
  if (text.trim() === '' && isAll) return noRows(path);
  return text.trimStart().startsWith('"')
    ? openQuote({ where: path, row: 1 })
    : rowTooLong({ where: path, row: 1 }, longestHeader);
}

function noRows(path: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where: path,
    expected: 'at least one row',
    got: 'none below the header',
    fix: 'Check that it is the right file; if its first row is no header, say so (`--read header=false`, or `header: false` in the schema).',
  });
}
