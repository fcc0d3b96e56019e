/** What a format of result tables is: a file is opened for columns, and blocks of rows are appended. */
import type { FileHandle } from 'node:fs/promises';

export type ColumnType = 'float32' | 'float64' | 'int32' | 'string';

export interface ResultColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Values of the column's type; numbers are rounded to it. */
export type ColumnValues = Float32Array | Float64Array | Int32Array | readonly string[];

export interface TableEncoder {
  /** Every column has `count` values, at least one. */
  append(values: readonly ColumnValues[], count: number): Promise<void>;
  finish(): Promise<void>;
}

export interface TableFormat {
  /** @throws ConfigError where such columns cannot be written */
  readonly check?: (path: string, columns: readonly ResultColumn[]) => void;
  open(file: FileHandle, columns: readonly ResultColumn[]): Promise<TableEncoder>;
}
