import { Moment } from './moment';
import { Tiles } from './tiles';

/**
 * SGD with momentum, or with Nesterov's (Sutskever et al. 2013, in PyTorch's form), one pass:
 *
 *   g    = treeSum(slots) * scale + weightDecay * p
 *   v    = momentum * v + g, tiny values flushed to zero
 *   pOut = p - learningRate * v                       or, with nesterov,
 *   pOut = p - learningRate * (g + momentum * v)
 */
export function momentum(
  slots: usize,
  slotStride: usize,
  slotCount: u32,
  parametersIn: usize,
  parametersOut: usize,
  velocityIn: usize,
  velocityOut: usize,
  length: u32,
  scale: f32,
  weightDecay: f32,
  learningRate: f32,
  decay: f32,
  nesterov: bool,
): void {
  const scales = f32x4.splat(scale);
  const weightDecays = f32x4.splat(weightDecay);
  const learningRates = f32x4.splat(learningRate);
  const decays = f32x4.splat(decay);
  const end = (<usize>length) << 2;
  const gradients = Tiles.gradients(slots, slotCount, parametersOut);
  let offset: usize = 0;
  do {
    const tileEnd = Tiles.sum(slots, slotStride, slotCount, parametersOut, offset, end);
    do {
      const p = v128.load(parametersIn + offset);
      const sum = v128.load(gradients + offset);
      const g = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, p));
      const v = Moment.flush(f32x4.add(f32x4.mul(decays, v128.load(velocityIn + offset)), g));
      v128.store(velocityOut + offset, v);
      const direction = nesterov ? f32x4.add(g, f32x4.mul(decays, v)) : v;
      v128.store(parametersOut + offset, f32x4.sub(p, f32x4.mul(learningRates, direction)));
      offset += 16;
    } while (offset != tileEnd);
  } while (offset != end);
}
