/**
 * Kernels go over their range in tiles: they sum a tile's gradients over the slots, then use them while
 * they are in the first-level cache.
 */
import { treeSum } from './treeSum';

export abstract class Tiles {
  /** Measured: smaller is slower for few slots and faster for many. */
  @inline static bytes(slotCount: u32): usize {
    return slotCount > 8 ? 256 : 512;
  }

  /**
   * Where an optimizer finds its gradients: one slot is its own sum; the sum of several is put where the
   * new parameters will overwrite it.
   */
  @inline static gradients(slots: usize, slotCount: u32, parametersOut: usize): usize {
    return slotCount == 1 ? slots : parametersOut;
  }

  /** Puts the sums of the tile at `offset` there; returns the tile's end. */
  @inline static sum(
    slots: usize,
    slotStride: usize,
    slotCount: u32,
    parametersOut: usize,
    offset: usize,
    end: usize,
  ): usize {
    if (slotCount == 1) return end;
    const tileEnd = min(offset + Tiles.bytes(slotCount), end);
    treeSum(slots + offset, slotStride, slotCount, parametersOut + offset, tileEnd - offset);
    return tileEnd;
  }
}
