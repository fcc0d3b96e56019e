/** What was found out about each column, as a schema, as remarks for people, and as a table to show. */
import type { InspectedColumn } from './inspectTable.ts';
import type { SchemaColumn } from './schema.ts';
import { formatDate } from './dates.ts';
import { listed } from './tableErrors.ts';

export interface ColumnReport {
  readonly name: string;
  readonly kind: SchemaColumn['kind'];
  /** Rows without a value. */
  readonly missing: number;
  /** What it holds, and why it is ignored where it is: for people. */
  readonly remark: string;
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
  const { name, kind, numbers, texts } = column;
  const missing = numbers?.missing ?? texts?.summary.missing ?? 0;
  const parts = [
    ...('because' in kind ? [kind.because] : []),
    ...(kind.kind === 'ignore' ? [] : [content(column)]),
    ...(missing > 0 && kind.kind !== 'ignore' ? [`${missing} missing`] : []),
  ];
  return { name, kind: kind.kind, missing, remark: parts.join(', ') };
}

function content({ kind, numbers, texts }: InspectedColumn): string {
  if (texts) {
    const { categories } = texts;
    const what = kind.kind === 'label' ? 'classes' : 'categories';
    return `${categories.length} ${what}: ${listed(categories, 5)}`;
  }
  if (!numbers || numbers.count === 0) return 'no value in it';
  const { min, max, isWhole } = numbers;
  if (kind.kind === 'date') {
    const unit = isWhole ? 'day' : 'second';
    return `${formatDate(min, unit) ?? min} to ${formatDate(max, unit) ?? max}`;
  }
  return `${min} to ${max}${isWhole ? ', whole numbers' : ''}`;
}

/** Aligned lines: name, kind, remark. */
export function formatColumns(columns: readonly ColumnReport[]): string {
  const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const rows = [
    ['column', 'kind', 'holds'] as const,
    ...columns.map(({ name, kind, remark }) => [name, kind, remark] as const),
  ];
  const names = width(rows.map(([name]) => name));
  const kinds = width(rows.map(([, kind]) => kind));
  return rows
    .map(([name, kind, remark]) =>
      `${name.padEnd(names)}  ${kind.padEnd(kinds)}  ${remark}`.trimEnd(),
    )
    .join('\n');
}
