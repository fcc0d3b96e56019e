/**
 * Dates as days since 1970-01-01, by the Gregorian calendar, without time zones: a zone's offset is taken
 * off where it is written, else the time is taken as it stands.
 */
import type { DateOrder } from './tableFormat.ts';

const pattern =
  /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?(?:\s?(?:Z|UTC)|([+-])(\d{2}):?(\d{2}))?$/;

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A date whose year comes first is taken under any order. Days since 1970-01-01, with a fraction for the time of day; NaN for what is no such date. */
export function parseDate(text: string, order: DateOrder): number {
  const match = pattern.exec(text);
  if (!match) return NaN;
  const [first = '', , second = '', third = ''] = match.slice(1);
  const date = arrange(first, second, third, order);
  if (date === undefined) return NaN;
  const [year, month, day] = date;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NaN;
  const [hours, minutes, seconds] = [5, 6, 7].map((i) => Number(match[i] ?? 0));
  if (hours === undefined || minutes === undefined || seconds === undefined) return NaN;
  if (hours > 24 || minutes > 59 || seconds > 60) return NaN;
  const offset =
    (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1);
  const time = hours * 3600 + minutes * 60 + seconds - offset * 60;
  return daysOf(year, month, day) + time / 86400;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0);
}

/** Year, month, day. A year has four digits, so that no day or month can pass for one. */
function arrange(
  first: string,
  second: string,
  third: string,
  order: DateOrder,
): readonly [number, number, number] | undefined {
  if (first.length === 4) {
    return third.length <= 2 ? [Number(first), Number(second), Number(third)] : undefined;
  }
  if (order === 'ymd' || third.length !== 4 || first.length > 2) return undefined;
  return order === 'dmy'
    ? [Number(third), Number(second), Number(first)]
    : [Number(third), Number(first), Number(second)];
}

/** Of the proleptic Gregorian calendar; years begin in March here, so that leap days come last. */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** 2024-05-31, or 2024-05-31T17:03:09: ISO 8601, whatever the file had. Undefined past the calendar. */
export function formatDate(days: number, unit: 'day' | 'second'): string | undefined {
  const seconds = unit === 'day' ? Math.round(days) * 86400 : Math.round(days * 86400);
  const date = new Date(seconds * 1000);
  if (!(date.getTime() >= -62135596800000 && date.getTime() <= 253402300799000)) return undefined;
  const text = date.toISOString();
  return unit === 'day' ? text.slice(0, 10) : text.slice(0, 19);
}
