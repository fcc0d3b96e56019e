/** A table whose missing values are filled in, and beside it a table of what was filled in. */
import { extname } from 'node:path';
import { columnCodec, learnedColumns } from '@lockstep/data/tables';
import type { TableColumnInfo, TableFormat } from '@lockstep/data/tables';
import { writeTable } from '../../results/resultTable.ts';
import { labelColumn, labelValues } from '../labelColumn.ts';
import type { Cell } from './filledCells.ts';

export interface FilledFile {
  readonly kind: 'table' | 'cells';
  readonly path: string;
}

export interface FilledTable {
  readonly format: TableFormat;
  /** Those that the model learns from. */
  readonly columns: readonly TableColumnInfo[];
  readonly size: number;
  /** As it came. [count, size] */
  readonly x: Float32Array;
  /** Without missing values. [count, size] */
  readonly filled: Float32Array;
  /** Class numbers. [count] */
  readonly labels: Int32Array | undefined;
  readonly cells: readonly Cell[];
  /** Of each completion a value for each cell. */
  readonly draws: readonly (readonly number[])[];
  /** Whether some of the cells were known: those keep their own value in the table. */
  readonly hides: boolean;
}

/** `filled.csv` and `filled-cells.csv`. @throws ConfigError, RunError */
export async function writeFilledTable(path: string, table: FilledTable): Promise<FilledFile[]> {
  const { format, columns, size, x, filled, labels, cells, draws, hides } = table;
  const codecs = learnedColumns(format).map(columnCodec);
  const textOf = (column: number, value: number): string =>
    String(codecs[column]?.decode(value) ?? '');
  const count = x.length / size;
  const own = (i: number): number => {
    const value = x[i] ?? NaN;
    return Number.isNaN(value) ? (filled[i] ?? NaN) : value;
  };
  const learned = columns.map(({ name }, j) => ({
    ...{ name, type: 'string' as const },
    values: Array.from({ length: count }, (_, i) => textOf(j, own(i * size + j))),
  }));
  const inOrder = format.columns.flatMap((column) => {
    if (column.kind === 'ignore') return [];
    if (column.kind !== 'label') return learned.find(({ name }) => name === column.name) ?? [];
    const { name, categories } = column;
    if (!labels) return [];
    return [{ ...labelColumn(name, categories), values: labelValues(labels, categories) }];
  });
  await writeTable(path, inOrder);
  const ending = extname(path);
  const cellsPath = `${path.slice(0, -ending.length)}-cells${ending}`;
  const texts = (name: string, valueOf: (cell: Cell, i: number) => number) => ({
    ...{ name, type: 'string' as const },
    values: cells.map((cell, i) => textOf(cell.column, valueOf(cell, i))),
  });
  const at = ({ row, column }: Cell): number => row * size + column;
  await writeTable(cellsPath, [
    { name: 'row', type: 'int32', values: Int32Array.from(cells, ({ row }) => row + 1) },
    {
      name: 'column',
      type: 'string',
      values: cells.map(({ column }) => columns[column]?.name ?? ''),
    },
    ...(hides ? [texts('known', (cell) => x[at(cell)] ?? NaN)] : []),
    texts('value', (cell) => filled[at(cell)] ?? NaN),
    ...draws.map((drawn, k) => texts(`completion${k + 1}`, (_, i) => drawn[i] ?? NaN)),
  ]);
  return [
    { kind: 'table', path },
    { kind: 'cells', path: cellsPath },
  ];
}
