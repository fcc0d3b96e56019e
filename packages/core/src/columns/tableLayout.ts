/**
 * The columns of a table sorted into groups that are computed together, so that a table of hundreds of
 * columns is a handful of operations: the numeric ones, and those with numbers of categories alike.
 */
import { ModelError } from '../errors.ts';
import type { ColumnInfo, ExampleInfo } from '../model.ts';
import { elementCount } from '../shape.ts';

export interface TableLayout {
  readonly columns: readonly ColumnInfo[];
  /** Places of the numeric columns. */
  readonly numeric: readonly number[];
  readonly categorical: readonly CategoryGroup[];
  readonly ordinal: readonly CategoryGroup[];
  /** Places in the order of the groups, and where each column lies in that order. */
  readonly order: readonly number[];
  readonly rank: readonly number[];
}

/** Columns with at most `width` categories, and more than half of that. */
export interface CategoryGroup {
  /** Places of the columns. */
  readonly places: readonly number[];
  /** Of each column. */
  readonly categories: readonly number[];
  /** The most of them. */
  readonly width: number;
}

function fail(where: string, expected: string, got: string, fix: string): never {
  throw new ModelError({ code: 'MODEL_COLUMNS', where, expected, got, fix });
}

function checkColumn({ name, kind, categories }: ColumnInfo): void {
  if (kind === 'numeric') return;
  const holds = categories !== undefined && Number.isInteger(categories) && categories >= 1;
  if (holds) return;
  const fix = 'Say how many categories it has, or leave the column out.';
  fail(`column "${name}"`, '1 category or more', String(categories), fix);
}

/** What the data says of its columns; without that, each value is a number. Throws MODEL_COLUMNS. */
export function columnsOf({ shape, columns }: ExampleInfo): readonly ColumnInfo[] {
  const count = elementCount(shape);
  if (columns === undefined) {
    return Array.from({ length: count }, (_, i) => {
      return { name: String(i + 1), kind: 'numeric', missing: false } as const;
    });
  }
  if (columns.length !== count) {
    const expected = `${String(count)}, one for each value of an example`;
    fail('columns', expected, String(columns.length), 'Describe each value of x once.');
  }
  return columns;
}

/** Throws MODEL_COLUMNS. */
export function tableLayout(columns: readonly ColumnInfo[]): TableLayout {
  if (columns.length === 0) fail('columns', 'at least one', 'none', 'Describe the table.');
  columns.forEach(checkColumn);
  const numeric = placesOf(columns, 'numeric');
  const categorical = groupsOf(columns, placesOf(columns, 'categorical'));
  const ordinal = groupsOf(columns, placesOf(columns, 'ordinal'));
  const order = [...numeric, ...[...categorical, ...ordinal].flatMap(({ places }) => places)];
  const rank = columns.map((_, place) => order.indexOf(place));
  return { columns, numeric, categorical, ordinal, order, rank };
}

function placesOf(columns: readonly ColumnInfo[], kind: ColumnInfo['kind']): number[] {
  return columns.flatMap((column, place) => (column.kind === kind ? [place] : []));
}

function groupsOf(columns: readonly ColumnInfo[], places: readonly number[]): CategoryGroup[] {
  const bySize = new Map<number, number[]>();
  for (const place of places) {
    let size = 1;
    for (; size < categoriesAt(columns, place); size *= 2);
    bySize.set(size, [...(bySize.get(size) ?? []), place]);
  }
  return [...bySize]
    .toSorted(([a], [b]) => a - b)
    .map(([, group]) => {
      const categories = group.map((place) => categoriesAt(columns, place));
      return { places: group, categories, width: Math.max(...categories) };
    });
}

const categoriesAt = (columns: readonly ColumnInfo[], place: number): number =>
  columns[place]?.categories ?? 1;
