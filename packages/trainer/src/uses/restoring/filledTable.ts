/** A table whose missing values are filled in, and beside it a table of what was filled in. */
import { extname } from 'node:path';
import { columnCodec, learnedColumns } from '@lockstep/data/tables';
import type { TableColumnInfo, TableFormat } from '@lockstep/data/tables';
import { createTable } from '../../results/resultTable.ts';
import { labelColumn, labelValues } from '../labelColumn.ts';
import type { Cell } from './filledCells.ts';

export interface FilledFile {
  readonly kind: 'table' | 'cells';
  readonly path: string;
}

export interface FilledColumns {
  readonly format: TableFormat;
  /** Those that the model learns from. */
  readonly columns: readonly TableColumnInfo[];
  /** Whether the table has labels. */
  readonly hasLabels: boolean;
  readonly completions: number;
  /** Whether some of the cells were known: those keep their own value in the table. */
  readonly hides: boolean;
}

/** Rows that follow each other. */
export interface FilledRows {
  /** Number of the first, from 0. */
  readonly first: number;
  /** As they came. [count, size] */
  readonly x: Float32Array;
  /** Without missing values. [count, size] */
  readonly filled: Float32Array;
  /** Class numbers. [count] */
  readonly labels: Int32Array | undefined;
  readonly cells: readonly Cell[];
  /** Of each completion a value for each cell. */
  readonly draws: readonly (readonly number[])[];
}

export interface FilledTable {
  append(rows: FilledRows): Promise<void>;
  /** Puts both files in their places. @throws RunError */
  finish(): Promise<FilledFile[]>;
  /** Leaves both paths as they were. */
  discard(): Promise<void>;
}

/** `filled.csv` and `filled-cells.csv`. @throws ConfigError, RunError */
export async function createFilledTable(
  path: string,
  { format, columns, hasLabels, completions, hides }: FilledColumns,
): Promise<FilledTable> {
  const codecs = learnedColumns(format).map(columnCodec);
  const size = columns.length;
  const textOf = (column: number, value: number): string =>
    String(codecs[column]?.decode(value) ?? '');
  const inOrder = format.columns.flatMap((column) => {
    const { name } = column;
    const learned = columns.findIndex((each) => each.name === name);
    if (column.kind === 'label') {
      const { categories } = column;
      const valuesOf = ({ labels = new Int32Array() }: FilledRows) =>
        labelValues(labels, categories);
      return hasLabels ? [{ ...labelColumn(name, categories), valuesOf }] : [];
    }
    if (column.kind === 'ignore' || learned < 0) return [];
    const valuesOf = (rows: FilledRows) => textsOf(rows, learned);
    return [{ name, type: 'string' as const, valuesOf }];
  });
  const textsOf = ({ x, filled }: FilledRows, column: number): string[] =>
    Array.from({ length: x.length / size }, (_, row) => {
      const at = row * size + column;
      const own = x[at] ?? NaN;
      return textOf(column, Number.isNaN(own) ? (filled[at] ?? NaN) : own);
    });
  const ending = extname(path);
  const cellsPath = `${path.slice(0, -ending.length)}-cells${ending}`;
  const strings = (names: readonly string[]) =>
    names.map((name) => ({ name, type: 'string' }) as const);
  const completed = Array.from({ length: completions }, (_, k) => `completion${k + 1}`);
  const table = await createTable(path, inOrder);
  const cellsTable = await createTable(cellsPath, [
    { name: 'row', type: 'int32' },
    ...strings(['column', ...(hides ? ['known'] : []), 'value', ...completed]),
  ]).catch(async (error: unknown) => {
    await table.discard();
    throw error;
  });
  const discard = async (): Promise<void> => {
    await table.discard();
    await cellsTable.discard();
  };
  return {
    append: async (rows) => {
      await table.append(inOrder.map(({ valuesOf }) => valuesOf(rows)));
      const { first, x, filled, cells, draws } = rows;
      const texts = (valueOf: (cell: Cell, i: number) => number | undefined): string[] =>
        cells.map((cell, i) => textOf(cell.column, valueOf(cell, i) ?? NaN));
      const at = ({ row, column }: Cell): number => row * size + column;
      await cellsTable.append([
        Int32Array.from(cells, ({ row }) => first + row + 1),
        cells.map(({ column }) => columns[column]?.name ?? ''),
        ...(hides ? [texts((cell) => x[at(cell)])] : []),
        texts((cell) => filled[at(cell)]),
        ...draws.map((drawn) => texts((_, i) => drawn[i])),
      ]);
    },
    finish: async () => {
      await table.finish();
      await cellsTable.finish();
      return [
        { kind: 'table', path },
        { kind: 'cells', path: cellsPath },
      ];
    },
    discard,
  };
}
