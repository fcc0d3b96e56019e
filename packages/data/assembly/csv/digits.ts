/** Eight bytes at a time as digits. */

const POWERS: usize = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18,
]);
const WHOLE_POWERS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
]);

/** 10^n, n <= 18, exactly. */
export function powerOfTen(n: u32): f64 {
  return load<f64>(POWERS + ((<usize>n) << 3));
}

/** 10^n, n <= 8. */
export function wholePowerOfTen(n: u32): u64 {
  return load<u64>(WHOLE_POWERS + ((<usize>n) << 3));
}

/** Eight bytes as digits: those from 0 to 9 are digits, and the lowest other byte is the first that is none. */
export function digitsAt(at: usize): u64 {
  return load<u64>(at) ^ 0x3030303030303030;
}

/** How many digits come first. */
export function countDigits(word: u64): u32 {
  const others = ((word + 0x7676767676767676) | word) & 0x8080808080808080;
  return <u32>(ctz(others) >> 3);
}

/**
 * The number that the first n digits make, 0 <= n <= 8: behind zeros instead of before others, then pairs,
 * fours, eights. D. Lemire, "Number parsing at a gigabyte per second", 2021.
 */
export function numberOf(word: u64, n: u32): u64 {
  // Shifted in two steps, since a shift by 64 is none.
  let v = (word << ((4 - ((<u64>n) >> 1)) << 3)) << ((4 - <u64>((n + 1) >> 1)) << 3);
  v = v * 10 + (v >> 8);
  const pairs = (v & 0x000000ff000000ff) * 0x000f424000000064;
  const others = ((v >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (pairs + others) >> 32;
}
