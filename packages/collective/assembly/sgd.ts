import { TreeSum } from './treeSum';

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
  const decays = f32x4.splat(weightDecay);
  const rates = f32x4.splat(learningRate);
  for (let offset: usize = 0, end = (<usize>length) << 2; offset < end; offset += 16) {
    const sum = TreeSum.at(slots + offset, slotStride, slotCount);
    const parameters = v128.load(parametersIn + offset);
    const gradient = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(decays, parameters));
    v128.store(parametersOut + offset, f32x4.sub(parameters, f32x4.mul(rates, gradient)));
  }
}
