/** What a CSV file's first rows say of how it is written. */
import { isUtf8 } from 'node:buffer';
import { wholeCharacters } from '../../text/utf8.ts';
import { parseDate } from '../dates.ts';
import { isMissing } from '../missing.ts';
import { readNumber } from './fieldReader.ts';
import { badEncoding } from './rowErrors.ts';
import { splitRows, type SplitRow } from './splitRows.ts';

/** In order of preference: what is rarer within fields comes first. */
const delimiters = ['\t', ';', '|', ',', ' '] as const;
const sampledRows = 50;

/** The text at the start of a file, without a byte order mark and a last character that is cut. */
export function headText(
  path: string,
  bytes: Buffer,
): { readonly text: string; readonly mark: number } {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const head = bytes.subarray(mark, wholeCharacters(bytes));
  // The other rows are checked when they are read, where more is known of their place.
  const feed = head.indexOf(10);
  const first = feed < 0 ? head : head.subarray(0, feed);
  if (!isUtf8(first) || first.includes(0)) throw badEncoding({ where: path, row: 1 }, first);
  return { text: head.toString(), mark };
}

/**
 * The delimiter by which all of the first rows have the same number of fields, more than one; else the one
 * by which most have as many as the first; else a comma: there is one column.
 */
export function detectDelimiter(text: string, isAll: boolean): string {
  let best = ',';
  let bestShare = 0.5;
  for (const delimiter of delimiters) {
    const rows = splitRows(text, delimiter, sampledRows, isAll);
    const width = rows[0]?.fields.length ?? 0;
    if (width < 2) continue;
    const share = rows.filter(({ fields }) => fields.length === width).length / rows.length;
    // Spaces part words as well.
    if (share === 1 && delimiter !== ' ') return delimiter;
    if (share > bestShare && (delimiter !== ' ' || share === 1)) {
      best = delimiter;
      bestShare = share;
    }
  }
  return best;
}

/**
 * Whether the first row names the columns: none of its fields is a number or a date, and either some column
 * has only such below it, or (all are texts) no field of the first row comes again below it.
 */
export function detectHeader(
  rows: readonly SplitRow[],
  decimal: '.' | ',',
  missing: ReadonlySet<string>,
): boolean {
  const [first, ...rest] = rows;
  if (!first) return false;
  const isValue = (text: string): boolean =>
    !Number.isNaN(readNumber(text, decimal)) ||
    (['ymd', 'dmy', 'mdy'] as const).some((order) => !Number.isNaN(parseDate(text, order)));
  if (first.fields.some(isValue)) return false;
  if (first.fields.every((name) => isMissing(name, missing))) return false;
  if (rest.length === 0) return true;
  const below = first.fields.map((_, c) =>
    rest.map(({ fields }) => fields[c] ?? '').filter((text) => !isMissing(text, missing)),
  );
  if (below.some((texts) => texts.length > 0 && texts.every(isValue))) return true;
  const named = new Set(first.fields);
  return (
    named.size === first.fields.length && first.fields.every((name, c) => !below[c]?.includes(name))
  );
}
