/** One learned column: between what the file says and the float32 that a model sees. */
import { formatDate, parseDate } from './dates.ts';
import { symmetricExp, symmetricLog } from './log1p.ts';
import { isCategorical, type LearnedColumn } from './tableFormat.ts';
import { notADate, notANumber, unseenCategory, type Place } from './tableErrors.ts';
import type { TableValue, UnknownPolicy } from './tableRow.ts';

export interface ColumnCodec {
  readonly column: LearnedColumn;
  /**
   * From a number: the value itself, or, for a date, days since 1970-01-01. NaN stays NaN. A category is
   * numbered by `categoryOf` instead.
   */
  readonly scale: (value: number) => number;
  /** The inverse: numbers, days of dates, the indices of categories; NaN stays NaN. */
  readonly unscale: (x: number) => number;
  /** Index of a category; undefined for one that training did not see. */
  readonly categoryOf: (text: string) => number | undefined;
  /** Throws DATA_TABLE_UNSEEN, DATA_TABLE_VALUE or DATA_TABLE_LOCALE, where the policy does not excuse it. */
  encode(value: TableValue | undefined, policy: EncodePolicy): number;
  /** NaN becomes null; the index of a category is rounded and kept in its range. */
  decode(x: number): TableValue;
}

export interface EncodePolicy {
  readonly place: Place;
  readonly unknown: UnknownPolicy;
  readonly missing: ReadonlySet<string>;
}

export function columnCodec(column: LearnedColumn): ColumnCodec {
  if (isCategorical(column)) {
    return categoricalCodec(column, column.categories);
  }
  const { mean, deviation } = column;
  const scale =
    column.kind === 'log'
      ? (value: number) => (symmetricLog(value) - mean) / deviation
      : (value: number) => (value - mean) / deviation;
  const categoryOf = (): undefined => undefined;
  if (column.kind === 'date') {
    return {
      column,
      scale,
      categoryOf,
      unscale: (x) => x * deviation + mean,
      encode: (value, policy) => scale(readDate(value, column.order, policy)),
      decode: (x) => formatDate(x * deviation + mean, column.unit) ?? null,
    };
  }
  const unscale =
    column.kind === 'log'
      ? (x: number) => symmetricExp(x * deviation + mean)
      : (x: number) => x * deviation + mean;
  return {
    column,
    scale,
    unscale,
    categoryOf,
    encode: (value, policy) => scale(readNumber(value, policy)),
    decode(x) {
      const value = unscale(x);
      if (!Number.isFinite(value)) return null;
      // A logarithm keeps digits relative to the value itself, a mean those of its own size.
      const size = column.kind === 'log' ? 0 : Math.max(Math.abs(mean), deviation);
      return roundTo(value, column.decimals, Math.max(size, Math.abs(value)));
    },
  };
}

function categoricalCodec(column: LearnedColumn, categories: readonly string[]): ColumnCodec {
  const codes = new Map(categories.map((name, code) => [name, code]));
  return {
    column,
    scale: (value) => value,
    unscale: (x) => x,
    categoryOf: (text) => codes.get(text),
    encode(value, { place, unknown, missing }) {
      if (isAbsent(value, missing)) return NaN;
      const code = codes.get(String(value));
      if (code !== undefined) return code;
      if (unknown === 'ignore') return NaN;
      throw unseenCategory(place, String(value), categories);
    },
    decode: (x) =>
      Number.isNaN(x)
        ? null
        : (categories[Math.min(Math.max(Math.round(x), 0), categories.length - 1)] ?? null),
  };
}

function isAbsent(
  value: TableValue | undefined,
  missing: ReadonlySet<string>,
): value is null | undefined {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'string' ? missing.has(value) : Number.isNaN(value);
}

function readNumber(value: TableValue | undefined, { place, missing }: EncodePolicy): number {
  if (isAbsent(value, missing)) return NaN;
  const number = typeof value === 'number' ? value : Number(value);
  if (Number.isFinite(number)) return number;
  throw notANumber(place, String(value), '.');
}

function readDate(
  value: TableValue | undefined,
  order: 'ymd' | 'dmy' | 'mdy',
  { place, missing }: EncodePolicy,
): number {
  if (isAbsent(value, missing)) return NaN;
  const days = parseDate(String(value), order);
  if (!Number.isNaN(days)) return days;
  throw notADate(place, String(value));
}

/**
 * To so many digits after the point; absent: to those that float32 carries where values are of this size.
 */
function roundTo(value: number, decimals: number | undefined, size: number): number {
  const digits = decimals ?? Math.min(100, Math.max(0, 6 - Math.floor(Math.log10(size))));
  const rounded = Number.isFinite(digits) ? Number(value.toFixed(digits)) : value;
  return rounded === 0 ? 0 : rounded;
}
