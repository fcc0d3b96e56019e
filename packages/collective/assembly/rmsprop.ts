import { Moment } from './moment';
import { Tiles } from './tiles';

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6e, in PyTorch's form), one pass:
 *
 *   g    = treeSum(slots) * scale + weightDecay * p
 *   s    = alpha * s + ((1 - alpha) * g) * g, tiny values flushed to zero
 *   pOut = p - learningRate * (g / (sqrt(s) + epsilon))
 */
export function rmsprop(
  slots: usize,
  slotStride: usize,
  slotCount: u32,
  parametersIn: usize,
  parametersOut: usize,
  squaresIn: usize,
  squaresOut: usize,
  length: u32,
  scale: f32,
  weightDecay: f32,
  learningRate: f32,
  alpha: f32,
  oneMinusAlpha: f32,
  epsilon: f32,
): void {
  const scales = f32x4.splat(scale);
  const weightDecays = f32x4.splat(weightDecay);
  const learningRates = f32x4.splat(learningRate);
  const alphas = f32x4.splat(alpha);
  const oneMinusAlphas = f32x4.splat(oneMinusAlpha);
  const epsilons = f32x4.splat(epsilon);
  const end = (<usize>length) << 2;
  const gradients = Tiles.gradients(slots, slotCount, parametersOut);
  let offset: usize = 0;
  do {
    const tileEnd = Tiles.sum(slots, slotStride, slotCount, parametersOut, offset, end);
    do {
      const p = v128.load(parametersIn + offset);
      const sum = v128.load(gradients + offset);
      const g = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, p));
      const decayed = f32x4.mul(alphas, v128.load(squaresIn + offset));
      const s = Moment.flush(f32x4.add(decayed, f32x4.mul(f32x4.mul(oneMinusAlphas, g), g)));
      v128.store(squaresOut + offset, s);
      const direction = f32x4.div(g, f32x4.add(f32x4.sqrt(s), epsilons));
      v128.store(parametersOut + offset, f32x4.sub(p, f32x4.mul(learningRates, direction)));
      offset += 16;
    } while (offset != tileEnd);
  } while (offset != end);
}
