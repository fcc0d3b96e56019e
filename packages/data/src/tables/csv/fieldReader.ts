/** Fields that are not plain: what the parser's kernel hands to JavaScript. */
import { parseDate } from '../dates.ts';
import { OTHER } from '../dictionary.ts';
import { isMissing } from '../missing.ts';
import type { Reading } from '../tableBlock.ts';
import type { Dialect } from './dialect.ts';

export interface ReadField {
  /** NaN: nothing is there, or it could not be read. */
  readonly value: number;
  /** Whether it is not what the column is read as. */
  readonly isMisfit: boolean;
  /** For the kernel's table: the code, -1 for a missing value; absent: not to be kept. */
  readonly keep?: number;
}

const nothing: ReadField = { value: NaN, isMisfit: false };
const misfit: ReadField = { value: NaN, isMisfit: true };

/** `decimals` of the column are raised to what the number has. */
export function readField(
  text: string,
  reading: Reading,
  dialect: Dialect,
  raiseDecimals: (digits: number) => void,
): ReadField {
  if (reading.as === 'skip') return nothing;
  if (reading.as === 'raw') return { value: reading.texts.push(text) - 1, isMisfit: false };
  if (reading.as === 'text') {
    const code = reading.dictionary.codeOf(text);
    if (code === OTHER) return { value: code, isMisfit: false };
    return { value: code, isMisfit: false, keep: Number.isNaN(code) ? -1 : code };
  }
  if (isMissing(text, dialect.missing)) return nothing;
  const value =
    reading.as === 'date'
      ? parseDate(text, reading.order)
      : readNumber(text, dialect.decimal, raiseDecimals);
  return Number.isNaN(value) ? misfit : { value, isMisfit: false };
}

const pattern = /^[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** NaN for what is no finite number. */
export function readNumber(
  text: string,
  decimal: '.' | ',',
  raiseDecimals?: (digits: number) => void,
): number {
  if (decimal === ',' && text.includes('.')) return NaN;
  const plain = decimal === ',' ? text.replace(',', '.') : text;
  const match = pattern.exec(plain);
  if (!match) return NaN;
  const value = Number(plain);
  if (!Number.isFinite(value)) return NaN;
  const digits = (match[1] ?? match[2] ?? '').length - Number(match[3] ?? 0);
  if (digits > 0) raiseDecimals?.(digits);
  return value;
}
