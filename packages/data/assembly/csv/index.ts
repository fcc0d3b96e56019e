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
 * A table has slots of 32 bytes: the text's first 16 bytes (zeros behind a shorter one), its length, its
 * address in the pool (all of it, where it is longer), code + 1 (0: free; -1: it stands for a missing value).
 *
 * Eight bytes are looked at in one go where a loop over bytes would be guessed wrong once or twice a field: so
 * many that a field costs 5 to 10 ns. Reads reach 16 bytes past a field; there is room for that.
 */

// @ts-ignore: decorators are of AssemblyScript
@external("env", "odd")
declare function odd(column: i32, start: usize, stop: usize, doubled: i32): f64;

const LF: u32 = 10;
const CR: u32 = 13;
const SPACE: u32 = 32;
const QUOTE: u32 = 34;
const MINUS: u32 = 45;
const ZERO: u32 = 48;

const SKIP: u32 = 0;
const NUMBER: u32 = 1;
const TEXT: u32 = 2;
const DATE: u32 = 3;

const SLOT_BITS: usize = 5;

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
/** The address of each column's table, u32. */
let tables: usize = 0;
let tableMask: u32 = 0;
let pool: usize = 0;
let poolEnd: usize = 0;

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

export function place(
  kinds_: usize,
  decimals_: usize,
  lines_: usize,
  columns_: usize,
  tables_: usize,
  slots: u32,
  pool_: usize,
  poolEnd_: usize,
): void {
  kinds = kinds_;
  decimals = decimals_;
  lines = lines_;
  columns = columns_;
  tables = tables_;
  tableMask = slots - 1;
  pool = pool_;
  poolEnd = poolEnd_;
}

/** Empties the columns. */
export function clear(): void {
  rows = 0;
}

const POWERS: usize = memory.data<f64>([
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
]);
const WHOLE_POWERS: usize = memory.data<u64>([1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000]);

/** 10^n, n <= 18, exactly. */
// @ts-ignore: decorators are of AssemblyScript
@inline
function powerOfTen(n: u32): f64 {
  return load<f64>(POWERS + (<usize>n << 3));
}

/** 10^n, n <= 8. */
// @ts-ignore: decorators are of AssemblyScript
@inline
function wholePowerOfTen(n: u32): u64 {
  return load<u64>(WHOLE_POWERS + (<usize>n << 3));
}

/** Eight bytes as digits: those from 0 to 9 are digits, and the lowest other byte is the first that is none. */
// @ts-ignore: decorators are of AssemblyScript
@inline
function digitsAt(at: usize): u64 {
  return load<u64>(at) ^ 0x3030303030303030;
}

/** How many digits come first. */
// @ts-ignore: decorators are of AssemblyScript
@inline
function countDigits(word: u64): u32 {
  const others = ((word + 0x7676767676767676) | word) & 0x8080808080808080;
  return <u32>(ctz(others) >> 3);
}

/**
 * The number that the first n digits make, 0 <= n <= 8: behind zeros instead of before others, then pairs,
 * fours, eights. D. Lemire, "Number parsing at a gigabyte per second", 2021.
 */
// @ts-ignore: decorators are of AssemblyScript
@inline
function numberOf(word: u64, n: u32): u64 {
  // Shifted in two steps, since a shift by 64 is none.
  let v = (word << ((4 - (<u64>n >> 1)) << 3)) << ((4 - <u64>((n + 1) >> 1)) << 3);
  v = v * 10 + (v >> 8);
  const pairs = (v & 0x000000ff000000ff) * 0x000f424000000064;
  const others = ((v >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (pairs + others) >> 32;
}

// @ts-ignore: decorators are of AssemblyScript
@inline
function byteAt(at: usize): u32 {
  return load<u8>(at);
}

/** The first so many bytes of eight; zeros behind. */
// @ts-ignore: decorators are of AssemblyScript
@inline
function firstBytes(at: usize, count: u32): u64 {
  const word = load<u64>(at);
  return count >= 8 ? word : word & ((<u64>1 << (<u64>count << 3)) - 1);
}

// @ts-ignore: decorators are of AssemblyScript
@inline
function hashOf(low: u64, high: u64, length: u32): u32 {
  const mixed = (low ^ (high * 0x9e3779b97f4a7c15) ^ length) * 0xff51afd7ed558ccd;
  return <u32>(mixed >> 40);
}

function isSame(a: usize, b: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (byteAt(a + i) != byteAt(b + i)) return false;
  return true;
}

/** The code of a text, or what JavaScript says of a new one. */
function lookUp(c: i32, start: usize, stop: usize): f64 {
  const length = <u32>(stop - start);
  const low = firstBytes(start, length);
  const high = length > 8 ? firstBytes(start + 8, length - 8) : 0;
  const table = <usize>load<u32>(tables + (<usize>c << 2));
  let slot = hashOf(low, high, length) & tableMask;
  // A table that is nearly full ends the walk after as many steps as a good one never needs.
  for (let step = 0; step < MOST_STEPS; step++) {
    const at = table + (<usize>slot << SLOT_BITS);
    const code = load<i32>(at, 24);
    if (code == 0) break;
    if (load<u64>(at) == low && load<u64>(at, 8) == high && load<u32>(at, 16) == length) {
      if (length <= 16 || isSame(<usize>load<u32>(at, 20), start, length)) {
        return code < 0 ? NaN : <f64>(code - 1);
      }
    }
    slot = (slot + 1) & tableMask;
  }
  return odd(c, start, stop, 0);
}
const MOST_STEPS: i32 = 32;

/**
 * Keeps a text's code (-1: it stands for a missing value) in its column's table; called by `odd`. Where no
 * room is left nothing is kept, and the text will be handed to `odd` again.
 */
export function keep(c: i32, start: usize, stop: usize, code: i32): void {
  const length = <u32>(stop - start);
  if (length > 16 && pool + length > poolEnd) return;
  const low = firstBytes(start, length);
  const high = length > 8 ? firstBytes(start + 8, length - 8) : 0;
  const table = <usize>load<u32>(tables + (<usize>c << 2));
  let slot = hashOf(low, high, length) & tableMask;
  for (let step = 0; step < MOST_STEPS; step++) {
    const at = table + (<usize>slot << SLOT_BITS);
    if (load<i32>(at, 24) == 0) {
      store<u64>(at, low);
      store<u64>(at, high, 8);
      store<u32>(at, length, 16);
      store<u32>(at, <u32>pool, 20);
      store<i32>(at, code < 0 ? -1 : code + 1, 24);
      if (length > 16) {
        memory.copy(pool, start, length);
        pool += length;
      }
      return;
    }
    slot = (slot + 1) & tableMask;
  }
}

/** Where the field ends whose bytes begin at `at`: at its delimiter or line feed. */
// @ts-ignore: decorators are of AssemblyScript
@inline
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

// @ts-ignore: decorators are of AssemblyScript
@inline
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

// @ts-ignore: decorators are of AssemblyScript
@inline
function twoDigits(at: usize): u32 {
  const high = byteAt(at) - ZERO;
  const low = byteAt(at + 1) - ZERO;
  return high <= 9 && low <= 9 ? high * 10 + low : 1000;
}

/** Days since 1970-01-01 of YYYY-MM-DD; whatever else goes to `odd`. Days past 28 are left to it too. */
function dateIn(c: i32, start: usize, stop: usize): f64 {
  if (stop - start == 10 && byteAt(start + 4) == 45 && byteAt(start + 7) == 45) {
    const century = twoDigits(start);
    const years = twoDigits(start + 2);
    const month = <i32>twoDigits(start + 5);
    const day = <i32>twoDigits(start + 8);
    if (century < 100 && years < 100 && month >= 1 && month <= 12 && day >= 1 && day <= 28) {
      const y = <i32>(century * 100 + years) - (month <= 2 ? 1 : 0);
      if (y >= 0) {
        const era = y / 400;
        const yearOfEra = y - era * 400;
        const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return <f64>(era * 146097 + dayOfEra - 719468);
      }
    }
  }
  return odd(c, start, stop, 0);
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
  const stride = <usize>capacity << 3;
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
    let out = columns + (<usize>rows << 3);
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
    store<u32>(lines + (<usize>rows << 2), line);
    rows++;
    line++;
    if (hasQuotes) {
      for (let i = begin; i < at - 1; i++) if (byteAt(i) == LF) line++;
    }
  }
  return at;
}
