/**
 * Between rows and examples: what a program that has rows, and no file, uses.
 *
 * x is [rows, D] float32, D = learned columns in the order of the file; NaN is missing or unknown.
 * decode(encode(row)) is the row, as far as float32 carries a value: whole numbers, and numbers of
 * `decimals` digits, exactly where the column's range is below some millions of its smallest steps.
 */
import { columnCodec, type ColumnCodec } from './columnCodec.ts';
import {
  columnInfo,
  labelColumn,
  learnedColumns,
  type TableColumnInfo,
  type TableFormat,
} from './tableFormat.ts';
import { tableError } from './tableErrors.ts';
import type { TableRow, UnknownPolicy } from './tableRow.ts';

export interface EncodeOptions {
  /** Default `error`. */
  readonly unknown?: UnknownPolicy;
  /** What the rows are, for messages. Default: `rows`. */
  readonly where?: string;
  /** The number of the first row, for messages. Default: 1. */
  readonly firstRow?: number;
}

export interface TableCodec {
  readonly format: TableFormat;
  /** What a model is told, one a learned column. */
  readonly columns: readonly TableColumnInfo[];
  readonly classNames: readonly string[] | undefined;
  /**
   * [rows, D]. A row need not have the columns that are not learned from. Throws DATA_TABLE_COLUMNS for a
   * vanished or new column, DATA_TABLE_UNSEEN, DATA_TABLE_VALUE, DATA_TABLE_LOCALE.
   */
  encode(rows: readonly TableRow[], options?: EncodeOptions): Float32Array<ArrayBuffer>;
  /** One row for each D values. */
  decode(values: Float32Array): TableRow[];
  /** The label's name; undefined for one that is not known (-1). */
  className(label: number): string | undefined;
}

export function createTableCodec(format: TableFormat): TableCodec {
  const codecs = learnedColumns(format).map(columnCodec);
  const missing = new Set(format.missing);
  const classNames = labelColumn(format)?.categories;
  return {
    format,
    columns: codecs.map(({ column }) => columnInfo(column)),
    classNames,
    className: (label) => classNames?.[label],
    encode(rows, options = {}) {
      const { unknown = 'error', where = 'rows', firstRow = 1 } = options;
      const values = new Float32Array(rows.length * codecs.length);
      rows.forEach((row, r) => {
        const place = { where, row: firstRow + r };
        if (unknown === 'error') checkColumns(format, row, place);
        codecs.forEach(({ column: { name }, encode }, d) => {
          const policy = { place: { ...place, column: name }, unknown, missing };
          values[r * codecs.length + d] = encode(row[name], policy);
        });
      });
      return values;
    },
    decode: (values) => decodeRows(codecs, values),
  };
}

function decodeRows(codecs: readonly ColumnCodec[], values: Float32Array): TableRow[] {
  const rows = codecs.length === 0 ? 0 : values.length / codecs.length;
  return Array.from({ length: rows }, (_, r) =>
    Object.fromEntries(
      codecs.map(({ column, decode }, d) => [
        column.name,
        decode(values[r * codecs.length + d] ?? NaN),
      ]),
    ),
  );
}

function checkColumns(
  format: TableFormat,
  row: TableRow,
  place: { readonly where: string; readonly row: number },
): void {
  for (const { name, kind } of format.columns) {
    if (kind === 'label' || kind === 'ignore' || name in row) continue;
    throw tableError({ ...place, column: name }, vanished);
  }
  const names = new Set(format.columns.map(({ name }) => name));
  const added = Object.keys(row).find((name) => !names.has(name));
  if (added !== undefined) throw tableError({ ...place, column: added }, isNew);
}

/** A column that was learned from and is not there any more. */
export const vanished = {
  code: 'DATA_TABLE_COLUMNS',
  expected: 'this column, which the model was trained on',
  got: 'data without it',
  fix: 'Add the column, or let it count as missing everywhere (--unknown ignore; in training, --read unknown=ignore).',
} as const;

export const isNew = {
  code: 'DATA_TABLE_COLUMNS',
  expected: 'only columns that the training data had',
  got: 'this one besides',
  fix: 'Remove or rename the column, or let it be passed over (--unknown ignore; in training, --read unknown=ignore).',
} as const;
