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
 * Writes the examples (u32) at positions [start, start + count). `half` is the smallest integer >= 1 with
 * 4^half >= n; `scratch` is 64 bytes.
 *
 * Each lane walks for a position of its own and takes the next one when it has arrived: where 4^half is much
 * more than n, four that waited for the last of them would walk twice as long.
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
  let taken: u32 = min<u32>(4, count);
  let walking: i32 = (1 << taken) - 1; // a bit each lane; what the others have means nothing
  let rows = i32x4(0, 1, 2, 3);
  let index = i32x4.add(i32x4.splat(start), rows);
  while (walking) {
    let left = i32x4.shr_u(index, half);
    let right = v128.and(index, mask);
    for (let round = 0; round < 8; round++) {
      philox(right, i32x4.splat(round), epochs, purposes, key0, key1, scratch);
      const next = v128.xor(left, v128.and(v128.load(scratch), mask));
      left = right;
      right = next;
    }
    index = v128.or(i32x4.shl(left, half), right);
    let arrived = i32x4.bitmask(i32x4.lt_u(index, limit)) & walking;
    if (!arrived) continue;
    v128.store(scratch, index);
    v128.store(scratch, rows, 16);
    for (; arrived; arrived &= arrived - 1) {
      const lane = ctz(arrived);
      const at = scratch + ((<usize>lane) << 2);
      store<u32>(out + ((<usize>load<u32>(at, 16)) << 2), load<u32>(at));
      if (taken == count) {
        walking &= ~(1 << lane);
        continue;
      }
      store<u32>(at, start + taken);
      store<u32>(at, taken++, 16);
    }
    index = v128.load(scratch);
    rows = v128.load(scratch, 16);
  }
}
