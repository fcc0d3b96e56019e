/**
 * The tables of texts met before, one for each column of texts.
 *
 * A table has slots of 32 bytes: the text's first 16 bytes (zeros behind a shorter one), its length, its
 * address in the pool (all of it, where it is longer), code + 1 (0: free; -1: it stands for a missing value).
 */
import { byteAt } from './bytes';
import { odd } from './odd';

const SLOT_BITS: usize = 5;

/** The address of each column's table, u32. */
let tables: usize = 0;
let tableMask: u32 = 0;
let pool: usize = 0;
let poolEnd: usize = 0;

export function placeTables(tables_: usize, slots: u32, pool_: usize, poolEnd_: usize): void {
  tables = tables_;
  tableMask = slots - 1;
  pool = pool_;
  poolEnd = poolEnd_;
}

/** The first so many bytes of eight; zeros behind. */
function firstBytes(at: usize, count: u32): u64 {
  const word = load<u64>(at);
  return count >= 8 ? word : word & (((<u64>1) << ((<u64>count) << 3)) - 1);
}

function hashOf(low: u64, high: u64, length: u32): u32 {
  const mixed = (low ^ (high * 0x9e3779b97f4a7c15) ^ length) * 0xff51afd7ed558ccd;
  return <u32>(mixed >> 40);
}

function isSame(a: usize, b: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (byteAt(a + i) != byteAt(b + i)) return false;
  return true;
}

/** The code of a text, or what JavaScript says of a new one. */
export function lookUp(c: i32, start: usize, stop: usize): f64 {
  const length = <u32>(stop - start);
  const low = firstBytes(start, length);
  const high = length > 8 ? firstBytes(start + 8, length - 8) : 0;
  const table = <usize>load<u32>(tables + ((<usize>c) << 2));
  let slot = hashOf(low, high, length) & tableMask;
  // A table that is nearly full ends the walk after as many steps as a good one never needs.
  for (let step = 0; step < MOST_STEPS; step++) {
    const at = table + ((<usize>slot) << SLOT_BITS);
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
  const table = <usize>load<u32>(tables + ((<usize>c) << 2));
  let slot = hashOf(low, high, length) & tableMask;
  for (let step = 0; step < MOST_STEPS; step++) {
    const at = table + ((<usize>slot) << SLOT_BITS);
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
