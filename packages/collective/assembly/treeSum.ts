/**
 * out = the sum over the slots, in one fixed order whatever the worker count: a binary tree over
 * adjacent slots,
 *
 *   ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))
 *
 * Leaves missing from a full tree are skipped: (s0 + s1) + s2. So every aligned power-of-two run of
 * slots is a subtree, and hosts that each hold such a run can add their partial sums to the same bits.
 *
 * Loops test at their end, here and in the other kernels: V8 hoists what does not change out of
 * such loops only (a quarter of Adam's time). So no range may be empty.
 */
export function treeSum(slots: usize, stride: usize, count: u32, out: usize, bytes: usize): void {
  const end = out + bytes;
  if (count == 1) {
    memory.copy(out, slots, bytes);
  } else if (count == 2) {
    do {
      v128.store(out, Tree.of2(slots, stride));
      slots += 16;
      out += 16;
    } while (out != end);
  } else if (count == 4) {
    do {
      v128.store(out, Tree.of4(slots, stride));
      slots += 16;
      out += 16;
    } while (out != end);
  } else if (count == 8) {
    do {
      v128.store(out, Tree.of8(slots, stride));
      slots += 16;
      out += 16;
    } while (out != end);
  } else if (count == 16) {
    do {
      v128.store(out, Tree.of16(slots, stride));
      slots += 16;
      out += 16;
    } while (out != end);
  } else if (count < 32) {
    do {
      v128.store(out, Tree.below32(slots, stride, count));
      slots += 16;
      out += 16;
    } while (out != end);
  } else {
    do {
      v128.store(out, treeOf(slots, stride, count));
      slots += 16;
      out += 16;
    } while (out != end);
  }
}

/** Any count: the left subtree holds the largest power of two below it. */
function treeOf(address: usize, stride: usize, count: u32): v128 {
  if (count < 32) return Tree.below32(address, stride, count);
  const left: u32 = 1 << (31 - clz(count - 1));
  return f32x4.add(
    treeOf(address, stride, left),
    treeOf(address + stride * left, stride, count - left),
  );
}

/** Four lanes at `address`, summed over slots that lie `stride` bytes apart. */
abstract class Tree {
  @inline static of2(address: usize, stride: usize): v128 {
    return f32x4.add(v128.load(address), v128.load(address + stride));
  }

  @inline static of4(address: usize, stride: usize): v128 {
    return f32x4.add(Tree.of2(address, stride), Tree.of2(address + 2 * stride, stride));
  }

  @inline static of8(address: usize, stride: usize): v128 {
    return f32x4.add(Tree.of4(address, stride), Tree.of4(address + 4 * stride, stride));
  }

  @inline static of16(address: usize, stride: usize): v128 {
    return f32x4.add(Tree.of8(address, stride), Tree.of8(address + 8 * stride, stride));
  }

  /** A full subtree for each bit of `count`: the largest is first, the smallest last and deepest. */
  @inline static below32(address: usize, stride: usize, count: u32): v128 {
    let sum = f32x4.splat(-0.0); // x + -0 is x, the sign of zero included.
    address += stride * count;
    if (count & 1) {
      address -= stride;
      sum = v128.load(address);
    }
    if (count & 2) {
      address -= 2 * stride;
      sum = f32x4.add(Tree.of2(address, stride), sum);
    }
    if (count & 4) {
      address -= 4 * stride;
      sum = f32x4.add(Tree.of4(address, stride), sum);
    }
    if (count & 8) {
      address -= 8 * stride;
      sum = f32x4.add(Tree.of8(address, stride), sum);
    }
    if (count & 16) {
      address -= 16 * stride;
      sum = f32x4.add(Tree.of16(address, stride), sum);
    }
    return sum;
  }
}
