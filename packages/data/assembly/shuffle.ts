/**
 * The order of examples in an epoch: a bijection on [0, n), evaluated one position at a time. An
 * 8-round balanced Feistel network permutes [0, 4^half), whose round function is word 0 of a Philox
 * block at counter (right half, round, epoch, purpose); cycle walking cuts it down to [0, n).
 * Black, Rogaway: "Ciphers with Arbitrary Finite Domains" (2002), section 5.
 *
 * The same function, to the bit, as core's `random/shuffle.ts`; here four positions at a time.
 */
import { philox } from './philox';

/**
 * Writes the examples (u32) at positions [start, start + count), rounded up to a multiple of four:
 * the extra ones go on with position 0, and mean nothing. `half` is the smallest integer >= 1 with
 * 4^half >= n; `scratch` is 64 bytes.
 */
export function shuffle(
  start: u32,
  count: u32,
  n: u32,
  half: i32,
  epoch: u32,
  purpose: u32,
  key0: u32,
  key1: u32,
  scratch: usize,
  out: usize,
): void {
  const mask = i32x4.splat((1 << half) - 1);
  const limit = i32x4.splat(n);
  const epochs = i32x4.splat(epoch);
  const purposes = i32x4.splat(purpose);
  let positions = i32x4.add(i32x4.splat(start), i32x4(0, 1, 2, 3));
  const four = i32x4.splat(4);
  for (let i: u32 = 0; i < count; i += 4, out += 16) {
    // Past the end, a lane would walk a cycle that may never enter [0, n).
    let index = v128.and(positions, i32x4.lt_u(positions, limit));
    let outside = i32x4.splat(-1);
    do {
      let left = i32x4.shr_u(index, half);
      let right = v128.and(index, mask);
      for (let round = 0; round < 8; round++) {
        philox(right, i32x4.splat(round), epochs, purposes, key0, key1, scratch);
        const next = v128.xor(left, v128.and(v128.load(scratch), mask));
        left = right;
        right = next;
      }
      // Lanes that arrived stay where they are.
      index = v128.bitselect(v128.or(i32x4.shl(left, half), right), index, outside);
      outside = i32x4.ge_u(index, limit);
    } while (v128.any_true(outside));
    v128.store(out, index);
    positions = i32x4.add(positions, four);
  }
}
