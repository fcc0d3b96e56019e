import { Tiles } from './tiles';

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
  const gradients = Tiles.gradients(slots, slotCount, parametersOut);
  let offset: usize = 0;
  do {
    const tileEnd = Tiles.sum(slots, slotStride, slotCount, parametersOut, offset, end);
    do {
      const p = v128.load(parametersIn + offset);
      const sum = v128.load(gradients + offset);
      const g = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, p));
      v128.store(parametersOut + offset, f32x4.sub(p, f32x4.mul(learningRates, g)));
      offset += 16;
    } while (offset != tileEnd);
  } while (offset != end);
}
