import { Tiles } from './tiles';
import { treeSum } from './treeSum';

/**
 * out = tree sum of the slots, and the sum of out's squares in double precision.
 *
 * The order of that sum: element i goes to running sum i % 8; at the end
 * ((r0 + r4) + (r2 + r6)) + ((r1 + r5) + (r3 + r7)). A float32 squared is exact in double precision.
 */
export function reduce(
  slots: usize,
  slotStride: usize,
  slotCount: u32,
  out: usize,
  length: u32,
): f64 {
  const end = (<usize>length) << 2;
  const tile = Tiles.bytes(slotCount);
  let offset: usize = 0;
  let sum01 = f64x2.splat(0);
  let sum23 = f64x2.splat(0);
  let sum45 = f64x2.splat(0);
  let sum67 = f64x2.splat(0);
  do {
    const tileEnd = min(offset + tile, end);
    treeSum(slots + offset, slotStride, slotCount, out + offset, tileEnd - offset);
    do {
      const low = v128.load(out + offset);
      const high = v128.load(out + offset, 16);
      sum01 = f64x2.add(sum01, Squares.ofLow(low));
      sum23 = f64x2.add(sum23, Squares.ofHigh(low));
      sum45 = f64x2.add(sum45, Squares.ofLow(high));
      sum67 = f64x2.add(sum67, Squares.ofHigh(high));
      offset += 32;
    } while (offset != tileEnd);
  } while (offset != end);
  const sums = f64x2.add(f64x2.add(sum01, sum45), f64x2.add(sum23, sum67));
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

abstract class Squares {
  @inline static ofLow(lanes: v128): v128 {
    const wide = f64x2.promote_low_f32x4(lanes);
    return f64x2.mul(wide, wide);
  }

  @inline static ofHigh(lanes: v128): v128 {
    return Squares.ofLow(v128.shuffle<u64>(lanes, lanes, 1, 1));
  }
}
