import { TILE_BYTES, treeSum } from './treeSum';

/**
 * Stochastic gradient descent, one pass:
 *
 *   g    = treeSum(slots) * scale + weightDecay * p
 *   pOut = p - learningRate * g
 */
export function sgd(
  slots: usize,
  slotStride: usize,
  slotCount: u32,
  parametersIn: usize,
  parametersOut: usize,
  length: u32,
  scale: f32,
  weightDecay: f32,
  learningRate: f32,
): void {
  const scales = f32x4.splat(scale);
  const weightDecays = f32x4.splat(weightDecay);
  const learningRates = f32x4.splat(learningRate);
  const end = (<usize>length) << 2;
  // One slot is its own sum; the sum of several is put where the new parameters will overwrite it.
  const gradients = slotCount == 1 ? slots : parametersOut;
  const tileBytes = slotCount == 1 ? end : TILE_BYTES;
  let offset: usize = 0;
  do {
    const tileEnd = min(offset + tileBytes, end);
    if (slotCount != 1) {
      treeSum(slots + offset, slotStride, slotCount, gradients + offset, tileEnd - offset);
    }
    do {
      const p = v128.load(parametersIn + offset);
      const sum = v128.load(gradients + offset);
      const g = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, p));
      v128.store(parametersOut + offset, f32x4.sub(p, f32x4.mul(learningRates, g)));
      offset += 16;
    } while (offset != tileEnd);
  } while (offset != end);
}
