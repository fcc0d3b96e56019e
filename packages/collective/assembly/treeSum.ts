/**
 * The sum over gradient slots, in one fixed order whatever the worker count: a binary tree over
 * adjacent slots,
 *
 *   ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
 *
 * Leaves missing from a full tree are skipped: (s0 + s1) + s2. So every aligned power-of-two run of
 * slots is a subtree, and hosts that each hold such a run can add their partial sums to the same bits.
 */
export abstract class TreeSum {
  /** Four lanes at `address`, summed over `count` slots that lie `stride` bytes apart. */
  @inline static at(address: usize, stride: usize, count: u32): v128 {
    if (count == 1) return v128.load(address);
    if (count == 2) return TreeSum.of2(address, stride);
    if (count == 4) return TreeSum.of4(address, stride);
    if (count == 8) return TreeSum.of8(address, stride);
    if (count == 16) return TreeSum.of16(address, stride);
    return ofAny(address, stride, count);
  }

  @inline static of2(address: usize, stride: usize): v128 {
    return f32x4.add(v128.load(address), v128.load(address + stride));
  }

  @inline static of4(address: usize, stride: usize): v128 {
    return f32x4.add(TreeSum.of2(address, stride), TreeSum.of2(address + 2 * stride, stride));
  }

  @inline static of8(address: usize, stride: usize): v128 {
    return f32x4.add(TreeSum.of4(address, stride), TreeSum.of4(address + 4 * stride, stride));
  }

  @inline static of16(address: usize, stride: usize): v128 {
    return f32x4.add(TreeSum.of8(address, stride), TreeSum.of8(address + 8 * stride, stride));
  }
}

/** Any count: the left subtree holds the largest power of two below it. */
function ofAny(address: usize, stride: usize, count: u32): v128 {
  if (count == 1) return v128.load(address);
  if (count == 2) return TreeSum.of2(address, stride);
  if (count == 4) return TreeSum.of4(address, stride);
  if (count == 8) return TreeSum.of8(address, stride);
  if (count == 16) return TreeSum.of16(address, stride);
  const left: u32 = 1 << (31 - clz(count - 1));
  return f32x4.add(
    ofAny(address, stride, left),
    ofAny(address + <usize>left * stride, stride, count - left),
  );
}
