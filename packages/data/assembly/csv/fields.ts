/** One field, whatever it is: the paths that `parse` takes where its short ones do not hold. */
import { byteAt, CR, LF, MINUS, QUOTE, SPACE, ZERO } from './bytes';
import { dateIn } from './dates';
import { powerOfTen } from './digits';
import { DATE, delimiter, kindOf, noteDecimals, NUMBER, point, SKIP } from './layout';
import { odd } from './odd';
import { AFTER_QUOTE, DONE, OPEN_QUOTE } from './status';
import { lookUp } from './texts';

/** Where the field ends whose bytes begin at `at`: at its delimiter or line feed. */
export function endOfField(at: usize, delimiters: v128, feeds: v128): usize {
  let from = at;
  let ends = 0;
  do {
    const bytes = v128.load(from);
    ends = i8x16.bitmask(v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, feeds)));
    from += 16;
  } while (ends == 0);
  return from - 16 + ctz(ends);
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
  const kind = kindOf(c);
  if (kind == SKIP || stop == start) return NaN;
  if (doubled) return odd(c, start, stop, 1);
  if (kind == NUMBER) return numberIn(c, start, stop);
  if (kind == DATE) return dateIn(c, start, stop);
  return lookUp(c, start, stop);
}

/** The end of the field that `anyField` parsed, and what is wrong with it. */
export let fieldEnd: usize = 0;
export let fieldStatus: i32 = DONE;

/** A field in quotes, with spaces around it, or before a carriage return. */
export function anyField(c: i32, at: usize, end: usize): f64 {
  fieldStatus = DONE;
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
        fieldStatus = OPEN_QUOTE;
        return NaN;
      }
      if (byteAt(stop + 1) != QUOTE) break;
      doubled = true;
      stop += 2;
    }
    next = stop + 1;
    while (byteAt(next) == SPACE || byteAt(next) == CR) next++;
    if (byteAt(next) != delimiter && byteAt(next) != LF) {
      fieldStatus = AFTER_QUOTE;
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
