/** A table as examples: encoded block by block while the file is read, as often as wanted. */
import type { ExampleSource, UnseenLabels } from '../sources/exampleSource.ts';
import { CellCounts, type ColumnCells } from './cellCounts.ts';
import { columnCodec, type ColumnCodec } from './columnCodec.ts';
import { Dictionary, OTHER } from './dictionary.ts';
import { chooseRows } from './fitTable.ts';
import type { Reading, TableBlock, TableReader } from './tableBlock.ts';
import { notADate, notANumber, rowsHaveChanged, unseenCategory } from './tableErrors.ts';
import { isCategorical, labelColumn, learnedColumns, type TableFormat } from './tableFormat.ts';
import type { UnknownPolicy } from './tableRow.ts';
import { tableRows, type TableRows } from './tableRows.ts';

/** Examples of shape [D]. Labels are -1 where they are missing. */
export interface TableSource extends ExampleSource {
  readonly valueType: 'float32';
  readonly classNames?: readonly string[];
  readonly format: TableFormat;
  /** See `ExampleSource`. */
  cells(): readonly ColumnCells[];
  tableRows(positions?: Uint32Array): TableRows;
  /** float32, D a row. Each block is its own memory. */
  scan(take: (rows: Uint8Array, first: number) => void | Promise<void>): Promise<void>;
}

export interface TableSourceOptions {
  readonly reader: TableReader;
  readonly format: TableFormat;
  readonly count: number;
  readonly labels: Int32Array | undefined;
  readonly unseenLabels?: UnseenLabels | undefined;
  readonly unknown: UnknownPolicy;
}

/** Texts of a column that are told apart; the others are unseen anyway. */
const mostTexts = 1 << 20;

/** One learned column and where the file has it; -1: nowhere. */
interface Placed {
  readonly codec: ColumnCodec;
  readonly at: number;
  /** The category of each code of the dictionary met so far; -1: unseen. */
  readonly categories: number[];
  readonly counts: CellCounts;
}

export function tableSource(options: TableSourceOptions): TableSource {
  const { reader, format, count, labels, unseenLabels } = options;
  const learned = learnedColumns(format);
  const classNames = labelColumn(format)?.categories;
  const bytes = learned.length * 4;
  let cells: readonly ColumnCells[] = [];
  const scan: TableSource['scan'] = async (take) => {
    cells = await scanTable(options, take);
  };
  return {
    where: reader.where,
    shape: [learned.length],
    count,
    valueType: 'float32',
    labels,
    ...(unseenLabels && { unseenLabels }),
    ...(classNames ? { classNames } : {}),
    format,
    cells: () => cells,
    tableRows: (positions) => tableRows(reader, format, positions),
    scan,
    read: async (target, positions) => {
      let next = 0;
      // No further than the last of them.
      const limit = positions && (positions.at(-1) ?? -1) + 1;
      const take = (rows: Uint8Array, first: number): void => {
        if (!positions) {
          target.set(rows, first * bytes);
          return;
        }
        for (const row of chooseRows(positions, next, first, rows.length / bytes)) {
          target.set(rows.subarray(row * bytes, (row + 1) * bytes), next * bytes);
          next++;
        }
      };
      const met = await scanTable(options, take, limit);
      if (!positions) cells = met;
    },
  };
}

async function scanTable(
  { reader, format, count, unknown }: TableSourceOptions,
  take: (rows: Uint8Array, first: number) => void | Promise<void>,
  limit?: number,
): Promise<ColumnCells[]> {
  const { where, names } = reader;
  const placed = learnedColumns(format).map((column): Placed => ({
    codec: columnCodec(column),
    at: names.indexOf(column.name),
    categories: [],
    counts: new CellCounts(),
  }));
  const readings = names.map((_, c): Reading => readingAt(placed, c, format));
  let seen = 0;
  await reader.scan({
    readings,
    ...(limit === undefined ? {} : { limit }),
    misfit: ({ line, column, text }) => {
      const place = { where, row: line, column: names[column] ?? '' };
      throw readings[column]?.as === 'date'
        ? notADate(place, text)
        : notANumber(place, text, format.decimal);
    },
    take: async (block) => {
      const values = new Float32Array(block.rows * placed.length);
      placed.forEach((column, d) => {
        const reading = readings[column.at];
        const out = { values, d, width: placed.length };
        if (reading?.as === 'text') {
          encodeTexts(column, reading.dictionary, block, out, { where, unknown });
        } else encodeNumbers(column, block, out);
      });
      seen += block.rows;
      await take(new Uint8Array(values.buffer), block.first);
    },
  });
  if (limit === undefined ? seen !== count : seen < limit)
    throw rowsHaveChanged(where, count, seen);
  return placed.map(({ codec, at, counts }) => counts.result(codec.column, at >= 0));
}

function readingAt(placed: readonly Placed[], c: number, format: TableFormat): Reading {
  const column = placed.find(({ at }) => at === c)?.codec.column;
  if (!column) return { as: 'skip' };
  if (isCategorical(column)) {
    return { as: 'text', dictionary: new Dictionary(mostTexts, new Set(format.missing)) };
  }
  return column.kind === 'date' ? { as: 'date', order: column.order } : { as: 'number' };
}

/** Where a column's values go: values[row * width + d]. */
interface Out {
  readonly values: Float32Array;
  readonly d: number;
  readonly width: number;
}

function encodeNumbers(column: Placed, block: TableBlock, { values, d, width }: Out): void {
  const from = block.columns[column.at];
  const { scale } = column.codec;
  let missing = 0;
  for (let r = 0; r < block.rows; r++) {
    const value = from ? scale(from[r] as number) : NaN;
    if (value !== value) missing++;
    values[r * width + d] = value;
  }
  column.counts.rows += block.rows;
  column.counts.missing += missing;
}

function encodeTexts(
  column: Placed,
  dictionary: Dictionary,
  block: TableBlock,
  { values, d, width }: Out,
  { where, unknown }: { readonly where: string; readonly unknown: UnknownPolicy },
): void {
  const { categories, codec, counts } = column;
  const codes = block.columns[column.at] as Float64Array;
  counts.rows += block.rows;
  for (let i = categories.length; i < dictionary.texts.length; i++) {
    categories.push(codec.categoryOf(dictionary.texts[i] ?? '') ?? -1);
  }
  for (let r = 0; r < block.rows; r++) {
    const code = codes[r] as number;
    const category = code !== code ? NaN : code === OTHER ? -1 : (categories[code] as number);
    if (category === -1) {
      const text = code === OTHER ? 'one of very many' : (dictionary.texts[code] ?? '');
      if (unknown === 'error') {
        const { name } = codec.column;
        const known = isCategorical(codec.column) ? codec.column.categories : [];
        throw unseenCategory({ where, row: block.line(r), column: name }, text, known);
      }
      counts.addUnseen(() => ({ row: block.line(r), value: text }));
    }
    if (!(category >= 0)) counts.missing++;
    values[r * width + d] = category === -1 ? NaN : category;
  }
}
