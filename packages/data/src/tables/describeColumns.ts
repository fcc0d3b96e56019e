/** What was found out about each column: as a schema, as figures, and as remarks for people. */
import type { InspectedColumn } from './inspectTable.ts';
import type { SchemaColumn, TableSchema } from './schema.ts';
import { formatDate } from './dates.ts';
import { listed } from './tableErrors.ts';

export interface ColumnReport {
  readonly name: string;
  readonly kind: SchemaColumn['kind'];
  /** Rows without a value. */
  readonly missing: number;
  /** Least and greatest value of numbers and dates, in the file's own unit; absent where there is none. */
  readonly min?: number | string;
  readonly max?: number | string;
  /** Of categories, ordered ones and labels: all, in their order. */
  readonly categories?: readonly string[];
  /** What it holds, and why it is ignored where it is: for people. */
  readonly remark: string;
  /** Whether it was inferred to be learned from, and may number the rows all the same. */
  readonly mayNumberRows?: true;
  /** Whether it is taken for texts, and may be dates, of which the order of day and month is not clear. */
  readonly mayBeDates?: true;
}

/** A table as it was found, or as a schema said. */
export interface TableDescription {
  readonly schema: TableSchema;
  /** Those of the schema, with what they hold. */
  readonly columns: readonly ColumnReport[];
}

export function schemaColumn({
  name,
  kind: { kind },
  texts,
  order,
}: InspectedColumn): SchemaColumn {
  if (kind === 'categorical' || kind === 'ordinal' || kind === 'label') {
    return { name, kind, categories: [...(texts?.categories ?? [])] };
  }
  if (kind === 'date') return { name, kind, ...(order && order !== 'ymd' ? { order } : {}) };
  return { name, kind };
}

export function reportColumn(column: InspectedColumn): ColumnReport {
  const { name, kind, numbers, texts, mayBeDates } = column;
  const missing = numbers?.missing ?? texts?.summary.missing ?? 0;
  const rises = numbers?.isRising === true && (kind.kind === 'numeric' || kind.kind === 'log');
  const parts = [
    ...('because' in kind ? [kind.because] : []),
    ...(kind.kind === 'ignore' ? [] : [content(column)]),
    ...(rises ? ['greater from row to row'] : []),
    ...(mayBeDates ? ['dates? say their order: --read dates=dmy or mdy'] : []),
  ];
  return {
    name,
    kind: kind.kind,
    missing,
    ...(kind.kind !== 'ignore' && rangeOf(column)),
    ...(kind.kind !== 'ignore' && texts && { categories: texts.categories }),
    remark: parts.join(', '),
    ...(rises && { mayNumberRows: true }),
    ...(mayBeDates && { mayBeDates: true }),
  };
}

function rangeOf({ kind, numbers }: InspectedColumn): Pick<ColumnReport, 'min' | 'max'> {
  if (!numbers || numbers.count === 0) return {};
  const { min, max, isWhole } = numbers;
  if (kind.kind !== 'date') return { min, max };
  const unit = isWhole ? 'day' : 'second';
  return { min: formatDate(min, unit) ?? min, max: formatDate(max, unit) ?? max };
}

function content(column: InspectedColumn): string {
  const { kind, numbers, texts } = column;
  if (texts) {
    const { categories } = texts;
    const what = kind.kind === 'label' ? 'classes' : 'categories';
    return `${categories.length} ${what}: ${listed(categories, 5)}`;
  }
  const { min, max } = rangeOf(column);
  if (min === undefined) return 'no value in it';
  return `${min} to ${max}${numbers?.isWhole && kind.kind !== 'date' ? ', whole numbers' : ''}`;
}

/** `9 columns: 4 numeric, 2 log, 3 categorical`: kinds in the order in which docs list them. */
export function countKinds(columns: readonly Pick<ColumnReport, 'kind'>[]): string {
  const counts = KINDS.map((kind) => ({
    kind,
    count: columns.filter((column) => column.kind === kind).length,
  }));
  const parts = counts
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
  return `${columns.length} column${columns.length === 1 ? '' : 's'}: ${parts.join(', ')}`;
}

const KINDS: readonly SchemaColumn['kind'][] = [
  ...(['numeric', 'log', 'categorical', 'ordinal', 'date', 'label', 'ignore'] as const),
];
