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
import { dateIn } from './dates';
import { countDigits, digitsAt, numberOf, powerOfTen, wholePowerOfTen } from './digits';
import { odd } from './odd';
import { lookUp } from './texts';

export { keep, placeTables } from './texts';

const SKIP: u32 = 0;
const NUMBER: u32 = 1;
const TEXT: u32 = 2;
const DATE: u32 = 3;

export const DONE: i32 = 0;
export const OPEN_QUOTE: i32 = 1;
export const RAGGED: i32 = 2;
export const AFTER_QUOTE: i32 = 3;

/** Rows in the columns now, and the line of the next row. */
export let rows: i32 = 0;
export let line: i32 = 1;
/** Why `parse` stopped before the end, and, for an error, in which column, from 0. */
export let status: i32 = DONE;
export let column: i32 = 0;

let width: i32 = 0;
let capacity: i32 = 0;
let delimiter: u32 = 0;
let point: u32 = 0;
let kinds: usize = 0;
let decimals: usize = 0;
let lines: usize = 0;
let columns: usize = 0;

export function configure(
  width_: i32,
  capacity_: i32,
  delimiter_: u32,
  point_: u32,
  line_: i32,
): void {
  width = width_;
  capacity = capacity_;
  delimiter = delimiter_;
  point = point_;
  line = line_;
}

export function place(kinds_: usize, decimals_: usize, lines_: usize, columns_: usize): void {
  kinds = kinds_;
  decimals = decimals_;
  lines = lines_;
  columns = columns_;
}

/** Empties the columns. */
export function clear(): void {
  rows = 0;
}

/** Where the field ends whose bytes begin at `at`: at its delimiter or line feed. */
function endOfField(at: usize, delimiters: v128, feeds: v128): usize {
  let from = at;
  let ends = 0;
  do {
    const bytes = v128.load(from);
    ends = i8x16.bitmask(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, feeds)));
    from += 16;
  } while (ends == 0);
  return from - 16 + ctz(ends);
}

function noteDecimals(c: i32, fraction: u32): void {
  if (fraction > load<u8>(decimals + c)) store<u8>(decimals + c, <u8>fraction);
}

/** A number that stands alone between start and stop; whatever is no plain number goes to `odd`. */
function numberIn(c: i32, start: usize, stop: usize): f64 {
  let i = start;
  const isNegative = byteAt(i) == MINUS;
  if (isNegative) i++;
  let digits: u64 = 0;
  let fractionStart: usize = 0;
  const first = i;
  for (; i < stop; i++) {
    const byte = byteAt(i);
    const digit = byte - ZERO;
    if (digit <= 9) digits = digits * 10 + digit;
    else if (byte == point && fractionStart == 0) fractionStart = i + 1;
    else return odd(c, start, stop, 0);
  }
  const fraction = fractionStart ? <i32>(stop - fractionStart) : 0;
  const length = <i32>(stop - first) - (fractionStart ? 1 : 0);
  if (length == 0 || length > 18) return odd(c, start, stop, 0);
  let value = <f64>digits;
  if (fraction > 0) {
    value /= powerOfTen(fraction);
    noteDecimals(c, <u32>fraction);
  }
  return isNegative ? -value : value;
}

function valueIn(c: i32, start: usize, stop: usize, doubled: bool): f64 {
  const kind = <u32>load<u8>(kinds + c);
  if (kind == SKIP || stop == start) return NaN;
  if (doubled) return odd(c, start, stop, 1);
  if (kind == NUMBER) return numberIn(c, start, stop);
  if (kind == DATE) return dateIn(c, start, stop);
  return lookUp(c, start, stop);
}

/** The end of the field that `anyField` parsed, or 0 with `status` set. */
let fieldEnd: usize = 0;

/** A field in quotes, with spaces around it, or before a carriage return. */
function anyField(c: i32, at: usize, end: usize): f64 {
  let start = at;
  while (byteAt(start) == SPACE) start++;
  let stop: usize;
  let next: usize;
  let doubled = false;
  if (byteAt(start) == QUOTE) {
    stop = ++start;
    for (;;) {
      while (stop < end && byteAt(stop) != QUOTE) stop++;
      if (stop >= end) {
        status = OPEN_QUOTE;
        fieldEnd = 0;
        return NaN;
      }
      if (byteAt(stop + 1) != QUOTE) break;
      doubled = true;
      stop += 2;
    }
    next = stop + 1;
    while (byteAt(next) == SPACE || byteAt(next) == CR) next++;
    if (byteAt(next) != delimiter && byteAt(next) != LF) {
      status = AFTER_QUOTE;
      fieldEnd = 0;
      return NaN;
    }
  } else {
    next = start;
    while (byteAt(next) != delimiter && byteAt(next) != LF) next++;
    stop = next;
    while (stop > start && (byteAt(stop - 1) == SPACE || byteAt(stop - 1) == CR)) stop--;
  }
  fieldEnd = next;
  return valueIn(c, start, stop, doubled);
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
      const kind = <u32>load<u8>(kinds + c);
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
      if (status != DONE) {
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
