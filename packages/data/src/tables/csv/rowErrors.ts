/** What can be wrong with the rows of a CSV file. */
import type { DataError } from '../../errors.ts';
import { invalidUtf8At } from '../../text/utf8.ts';
import { quoted, tableError, type Place } from '../tableErrors.ts';

const LF = 10;
const QUOTE = 34;

export function ragged(
  place: Place,
  bytes: Uint8Array,
  delimiter: string,
  expected: number,
): DataError {
  const fields = countFields(bytes, delimiter.charCodeAt(0));
  const row = Buffer.from(bytes.subarray(0, bytes.indexOf(LF))).toString();
  return tableError(place, {
    code: 'DATA_TABLE_ROW',
    expected: `${expected} fields, as the rows before have`,
    got: `${fields} (${quoted(row)})`,
    fix: `Put fields that hold a ${delimiter === '\t' ? 'tab' : delimiter} into double quotes, complete the row, or name another delimiter.`,
  });
}

/** Fields of the first row. */
function countFields(bytes: Uint8Array, delimiter: number): number {
  let isQuoted = false;
  let fields = 1;
  for (const byte of bytes) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (byte === LF) break;
    if (byte === delimiter) fields++;
  }
  return fields;
}

export function textAfterQuote(place: Place): DataError {
  return tableError(place, {
    code: 'DATA_TABLE_QUOTE',
    expected: 'a delimiter after the closing quote',
    got: 'more text',
    fix: 'Double each quote within a quoted field ("").',
  });
}

export function openQuote(place: Place): DataError {
  return tableError(place, {
    code: 'DATA_TABLE_QUOTE',
    expected: 'a quote that is closed',
    got: 'one that opens here and is never closed',
    fix: 'Close it; a quote that begins a field and belongs to its text is written """.',
  });
}

export function rowTooLong(place: Place, limit: number): DataError {
  return tableError(place, {
    code: 'DATA_TABLE_ROW',
    expected: `rows of at most ${limit / 2 ** 20} MiB`,
    got: 'more without an end of line',
    fix: 'Check that it is a table with lines: CSV, or Parquet (.parquet).',
  });
}

/** `bytes` are not UTF-8, or have a zero among them. */
export function badEncoding(place: Place, bytes: Uint8Array): DataError {
  const nul = bytes.indexOf(0);
  const invalid = invalidUtf8At(bytes);
  const at = invalid < 0 || (nul >= 0 && nul < invalid) ? nul : invalid;
  const hex = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const looksWide = nul >= 0 || (bytes[0] ?? 0) >= 0xfe;
  return tableError(place, {
    code: 'DATA_ENCODING',
    expected: 'UTF-8 text',
    got: `the byte 0x${hex}${looksWide ? ', as UTF-16 or a file that is no text has' : ` in ${quoted(Buffer.from(bytes).toString('latin1'))}`}`,
    fix: `Convert the file: iconv -f ${looksWide ? 'UTF-16' : 'ISO-8859-1'} -t UTF-8, or the encoding that it has.`,
  });
}
