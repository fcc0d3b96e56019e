/**
 * What is known of a table once a model was trained on it: plain JSON, kept in the checkpoint, and all
 * that it takes to read more of the same and to turn what a model draws back into rows.
 *
 * Of the columns of the file, those that are learned from ("learned columns": all but `ignore` and
 * `label`) make an example, in the order of the file: x is [D] float32, NaN where a value is missing or
 * unknown.
 *
 *   numeric      (v - mean) / deviation
 *   log          (s - mean) / deviation, s = sign(v) * log(1 + |v|)
 *   date         (days since 1970-01-01 - mean) / deviation
 *   categorical  the index of the category, 0 ... K - 1
 *   ordinal      the same; the order of the categories means something
 */
export type ColumnKind =
  'numeric' | 'log' | 'categorical' | 'ordinal' | 'date' | 'ignore' | 'label';

/** Order of day and month where a date is not written year first. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

interface Named {
  readonly name: string;
  /** Whether values were missing in the file that the model was trained on. */
  readonly missing: boolean;
  /** The share of its rows in which they were, where there are such. */
  readonly missingShare?: number;
}

interface Scaled extends Named {
  readonly mean: number;
  /** Positive. */
  readonly deviation: number;
}

export interface NumericColumn extends Scaled {
  readonly kind: 'numeric' | 'log';
  /** Digits after the point to round to on output; 0 for whole numbers; absent: as many as float32 has. */
  readonly decimals?: number;
}

export interface DateColumn extends Scaled {
  readonly kind: 'date';
  /** What the file says of the time of day: nothing, or seconds. */
  readonly unit: 'day' | 'second';
  readonly order: DateOrder;
}

export interface CategoricalColumn extends Named {
  readonly kind: 'categorical' | 'ordinal';
  readonly categories: readonly string[];
}

export interface LabelColumn {
  readonly kind: 'label';
  readonly name: string;
  /** Names of the classes: label 0 is the first. */
  readonly categories: readonly string[];
}

export interface IgnoredColumn {
  readonly kind: 'ignore';
  readonly name: string;
}

/** A column that a model learns from. */
export type LearnedColumn = NumericColumn | DateColumn | CategoricalColumn;
export type TableColumn = LearnedColumn | LabelColumn | IgnoredColumn;

export interface TableFormat {
  readonly kind: 'table';
  /** Every column of the file, in its order. */
  readonly columns: readonly TableColumn[];
  /** Whether the first row named the columns. Where it did not, columns are known by their place. */
  readonly header: boolean;
  /** `,` where numbers are written 3,5. */
  readonly decimal: '.' | ',';
  /** What stands for a missing value, beside nothing at all. */
  readonly missing: readonly string[];
}

/** What a model is told about one learned column. */
export interface TableColumnInfo {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical' | 'ordinal';
  readonly categories?: number;
  readonly missing: boolean;
}

export function learnedColumns(format: TableFormat): readonly LearnedColumn[] {
  return format.columns.filter(
    (column): column is LearnedColumn => column.kind !== 'ignore' && column.kind !== 'label',
  );
}

export function isCategorical(column: TableColumn): column is CategoricalColumn {
  return column.kind === 'categorical' || column.kind === 'ordinal';
}

export function labelColumn(format: TableFormat): LabelColumn | undefined {
  return format.columns.find((column) => column.kind === 'label');
}

export function columnInfo(column: LearnedColumn): TableColumnInfo {
  const { name, missing } = column;
  if (isCategorical(column)) {
    return { name, kind: column.kind, categories: column.categories.length, missing };
  }
  return { name, kind: 'numeric', missing };
}
