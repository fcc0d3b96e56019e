/**
 * A table whose missing values are filled in, and beside it a table of what was filled in. All columns of the file
 * are in it, in the file's order; what was known stands there as in the file, whose rows are read once more for it.
 */
import { extname } from 'node:path';
import { columnCodec, learnedColumns } from '@lockstep/data/tables';
import { createTable } from '../../results/resultTable.ts';
import type { ResultColumn } from '../../results/tableFormat.ts';
import type { FileSet } from '../../run/fileSet.ts';
import type { UseData } from '../openTrained.ts';
import type { Cell } from './filledCells.ts';
import { writtenLike } from './writtenLike.ts';

export interface FilledFile {
  readonly kind: 'table' | 'cells';
  readonly path: string;
}

export interface FilledColumns {
  readonly data: UseData;
  readonly completions: number;
  /** Whether some of the cells were known: those keep their own value in the table. */
  readonly hides: boolean;
  readonly files: FileSet;
}

/** Rows that follow each other. */
export interface FilledRows {
  /** Number of the first, from 0. */
  readonly first: number;
  /** As they came. [count, size] */
  readonly x: Float32Array;
  /** Without missing values. [count, size] */
  readonly filled: Float32Array;
  readonly cells: readonly Cell[];
  /** Of each completion a value for each cell. */
  readonly draws: readonly (readonly number[])[];
}

export interface FilledTable {
  append(rows: FilledRows): Promise<void>;
  /** @throws RunError */
  finish(): Promise<FilledFile[]>;
  /** In any case. */
  close(): Promise<void>;
}

/** Of what was filled in, beside the table. */
export function cellsPath(path: string): string {
  const ending = extname(path);
  return `${path.slice(0, -ending.length)}-cells${ending}`;
}

/** `filled.csv` and `filled-cells.csv`. @throws ConfigError, RunError */
export async function createFilledTable(
  path: string,
  { data, completions, hides, files }: FilledColumns,
): Promise<FilledTable> {
  const { tableRows } = data;
  // That of its file, which may write numbers and dates otherwise than that of the training.
  const { format } = data.info;
  if (!tableRows || format.kind !== 'table') throw new Error('a table has rows');
  const learned = learnedColumns(format);
  const size = learned.length;
  const texts = learned.map((column) => writtenLike(columnCodec(column), format));
  const textOf = (column: number, value: number): string => texts[column]?.(value) ?? '';
  // A column that the file lacks is filled in altogether, behind the others.
  const names = [
    ...tableRows.names,
    ...learned.map(({ name }) => name).filter((name) => !tableRows.names.includes(name)),
  ];
  const placeOf = names.map((name) => learned.findIndex((column) => column.name === name));
  const strings = (of: readonly string[]) => of.map((name) => ({ name, type: 'string' }) as const);
  const completed = Array.from({ length: completions }, (_, k) => `completion${k + 1}`);
  const table = await createTable(path, strings(names), files);
  const cellColumns: ResultColumn[] = [
    { name: 'example', type: 'int32' },
    { name: 'row', type: 'int32' },
    ...strings(['column', ...(hides ? ['known'] : []), 'value', ...completed]),
  ];
  const cellsTable = await createTable(cellsPath(path), cellColumns, files);
  const reader = tableRows.open(tableRows.names);
  return {
    append: async ({ first, x, filled, cells, draws }) => {
      const count = x.length / size;
      const own = await reader.next(count);
      const valueOf = (row: number, c: number): string => {
        const at = row * size + (placeOf[c] ?? -1);
        const isLearned = placeOf[c] !== -1;
        return isLearned && Number.isNaN(x[at])
          ? textOf(placeOf[c] ?? -1, filled[at] ?? NaN)
          : (own.columns[c]?.[row] ?? '');
      };
      await table.append(
        names.map((_, c) => Array.from({ length: count }, (__, row) => valueOf(row, c))),
      );
      const of = (value: (cell: Cell, i: number) => number | undefined): string[] =>
        cells.map((cell, i) => textOf(cell.column, value(cell, i) ?? NaN));
      const at = ({ row, column }: Cell): number => row * size + column;
      await cellsTable.append([
        Int32Array.from(cells, ({ row }) => first + row),
        Int32Array.from(cells, ({ row }) => own.rows[row] ?? 0),
        cells.map(({ column }) => learned[column]?.name ?? ''),
        ...(hides ? [of((cell) => x[at(cell)])] : []),
        of((cell) => filled[at(cell)]),
        ...draws.map((drawn) => of((_, i) => drawn[i])),
      ]);
    },
    finish: async () => {
      await table.finish();
      await cellsTable.finish();
      return [
        { kind: 'table', path },
        { kind: 'cells', path: cellsPath(path) },
      ];
    },
    close: () => reader.close(),
  };
}
