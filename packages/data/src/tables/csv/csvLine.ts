import type { TableValue } from '../tableRow.ts';

/** One row of CSV (RFC 4180, lines that end in \n), without a line end. */
export function csvLine(values: readonly (TableValue | undefined)[], delimiter = ','): string {
  return values.map((value) => csvField(value, delimiter)).join(delimiter);
}

function csvField(value: TableValue | undefined, delimiter: string): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  const isPlain = !/["\r\n]|^\s|\s$/.test(value) && !value.includes(delimiter);
  return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
}
