/**
 * The inner loop of reading CSV (RFC 4180, any one-byte delimiter): bytes to float64 columns.
 *
 * A plain number is parsed here, and so is a date like 2024-05-31; a text is looked up by its bytes in its
 * column's table of texts met before, which yields its code. Whatever else comes - a new text, a number in
 * another notation, a missing value, a quote within quotes - is handed to `odd`, in JavaScript, whose
 * answer is the value.
 *
 * Memory, laid out by JavaScript (src/tables/csv/parserMemory.ts):
 *
 *   | kinds u8 | decimals u8 | tables' addresses u32 | lines u32 | columns f64 | tables | pool | bytes |
 *
 * Eight bytes are looked at in one go where a loop over bytes would be guessed wrong once or twice a field: so
 * many that a field costs 5 to 10 ns. Reads reach 16 bytes past a field; there is room for that.
 */
import { byteAt, CR, LF, MINUS, QUOTE, SPACE, ZERO } from './bytes';
import { countDigits, digitsAt, numberOf, powerOfTen, wholePowerOfTen } from './digits';
import { anyField, endOfField, fieldEnd, fieldStatus } from './fields';
import {
  capacity,
  columns,
  delimiter,
  kindOf,
  lines,
  noteDecimals,
  NUMBER,
  point,
  setLayout,
  SKIP,
  TEXT,
  width,
} from './layout';
import { DONE, RAGGED } from './status';
import { lookUp } from './texts';

export { place } from './layout';
export { keep, placeTables } from './texts';

/** Rows in the columns now, and the line of the next row. */
export let rows: i32 = 0;
export let line: i32 = 1;
/** Why `parse` stopped before the end, and, for an error, in which column, from 0. */
export let status: i32 = DONE;
export let column: i32 = 0;

export function configure(
  width: i32,
  capacity: i32,
  delimiter: u32,
  point: u32,
  firstLine: i32,
): void {
  setLayout(width, capacity, delimiter, point);
  line = firstLine;
}

/** Empties the columns. */
export function clear(): void {
  rows = 0;
}

/**
 * Parses rows of [from, end) until the columns are full; the byte before end is a line feed. Returns where
 * the first row begins that was not parsed. `status` says why it stopped early.
 */
export function parse(from: usize, end: usize): usize {
  let at = from;
  const separator = delimiter;
  // Where commas part fields, those in numbers stand in quotes.
  const mark: u32 = point == delimiter ? 256 : point;
  const stride = (<usize>capacity) << 3;
  const delimiters = i8x16.splat(<i8>separator);
  const feeds = i8x16.splat(<i8>LF);
  status = DONE;
  while (at < end && rows < capacity) {
    const first = byteAt(at);
    // Empty lines are passed over.
    if (first == LF) {
      at++;
      line++;
      continue;
    }
    if (first == CR && byteAt(at + 1) == LF) {
      at += 2;
      line++;
      continue;
    }
    const begin = at;
    let hasQuotes = false;
    let c: i32 = 0;
    let out = columns + ((<usize>rows) << 3);
    for (;;) {
      if (c == width) {
        status = RAGGED;
        return begin;
      }
      const kind = kindOf(c);
      let i = at;
      let byte = byteAt(i);
      if (kind == NUMBER) {
        // Flags and counts, often: one digit.
        if (byte - ZERO <= 9 && byteAt(at + 1) == separator) {
          store<f64>(out, <f64>(byte - ZERO));
          at += 2;
          out += stride;
          c++;
          continue;
        }
        const isNegative = byte == MINUS;
        if (isNegative) i++;
        let word = digitsAt(i);
        let n = countDigits(word);
        let digits = n == 1 ? word & 15 : numberOf(word, n);
        let length = n;
        let fraction: u32 = 0;
        i += n;
        if (n == 8) {
          word = digitsAt(i);
          n = countDigits(word);
          digits = digits * wholePowerOfTen(n) + numberOf(word, n);
          length += n;
          i += n;
        }
        byte = byteAt(i);
        if (byte == mark) {
          word = digitsAt(++i);
          n = countDigits(word);
          digits =
            n == 2
              ? digits * 100 + (word & 15) * 10 + ((word >> 8) & 15)
              : digits * wholePowerOfTen(n) + numberOf(word, n);
          fraction = n;
          i += n;
          if (n == 8) {
            word = digitsAt(i);
            n = countDigits(word);
            digits = digits * wholePowerOfTen(n) + numberOf(word, n);
            fraction += n;
            i += n;
          }
          length += fraction;
          byte = byteAt(i);
        }
        // Past 2^53 the value is within one unit of its last place, not always the nearest.
        if (length - 1 < 18) {
          if (byte == CR && byteAt(i + 1) == LF) {
            i++;
            byte = LF;
          }
          if (byte == separator || byte == LF) {
            let value = <f64>digits;
            if (fraction > 0) {
              value /= powerOfTen(fraction);
              noteDecimals(c, fraction);
            }
            store<f64>(out, isNegative ? -value : value);
            at = i + 1;
            out += stride;
            c++;
            if (byte == LF) break;
            continue;
          }
        }
      } else if (kind == TEXT && byte != QUOTE && byte != SPACE) {
        i = endOfField(at, delimiters, feeds);
        byte = byteAt(i);
        const last = byteAt(i - 1);
        if (i == at || (last != CR && last != SPACE)) {
          store<f64>(out, i == at ? NaN : lookUp(c, at, i));
          at = i + 1;
          out += stride;
          c++;
          if (byte == LF) break;
          continue;
        }
      }
      hasQuotes = hasQuotes || byteAt(at) == QUOTE || byteAt(at) == SPACE;
      const value = anyField(c, at, end);
      if (fieldStatus != DONE) {
        status = fieldStatus;
        column = c;
        return begin;
      }
      if (kind != SKIP) store<f64>(out, value);
      const stop = fieldEnd;
      at = stop + 1;
      out += stride;
      c++;
      if (byteAt(stop) == LF) break;
    }
    if (c != width) {
      status = RAGGED;
      return begin;
    }
    store<u32>(lines + ((<usize>rows) << 2), line);
    rows++;
    line++;
    if (hasQuotes) {
      for (let i = begin; i < at - 1; i++) if (byteAt(i) == LF) line++;
    }
  }
  return at;
}
