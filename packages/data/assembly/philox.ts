/**
 * Philox 4x32-10, four counters at a time, one in each lane.
 *
 * Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as 1, 2, 3" (SC11), section 3.3.
 *
 * Writes word w of the four random blocks to `out + 16 * w`. The words go through memory because an
 * AssemblyScript function returns one value; `out` stays in the first-level cache.
 */
export function philox(
  c0: v128,
  c1: v128,
  c2: v128,
  c3: v128,
  key0: u32,
  key1: u32,
  out: usize,
): void {
  const multiplier0 = i32x4.splat(0xd2511f53);
  const multiplier1 = i32x4.splat(0xcd9e8d57);
  const weyl0 = i32x4.splat(0x9e3779b9); // golden ratio
  const weyl1 = i32x4.splat(0xbb67ae85); // sqrt(3) - 1
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  for (let round = 0; round < 10; round++) {
    // 64-bit products of lanes 0 and 1, and of lanes 2 and 3.
    const first0 = i64x2.extmul_low_i32x4_u(c0, multiplier0);
    const second0 = i64x2.extmul_high_i32x4_u(c0, multiplier0);
    const first1 = i64x2.extmul_low_i32x4_u(c2, multiplier1);
    const second1 = i64x2.extmul_high_i32x4_u(c2, multiplier1);
    c0 = v128.xor(v128.xor(v128.shuffle<u32>(first1, second1, 1, 3, 5, 7), c1), k0);
    c1 = v128.shuffle<u32>(first1, second1, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(v128.shuffle<u32>(first0, second0, 1, 3, 5, 7), c3), k1);
    c3 = v128.shuffle<u32>(first0, second0, 0, 2, 4, 6);
    k0 = i32x4.add(k0, weyl0);
    k1 = i32x4.add(k1, weyl1);
  }
  v128.store(out, c0);
  v128.store(out, c1, 16);
  v128.store(out, c2, 32);
  v128.store(out, c3, 48);
}

/** One block, for tests against published vectors: words c0..c3 of the counter, all lanes alike. */
export function philoxBlock(
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  out: usize,
): void {
  philox(i32x4.splat(c0), i32x4.splat(c1), i32x4.splat(c2), i32x4.splat(c3), key0, key1, out);
}
