import { Moment } from './moment';
import { Tiles } from './tiles';

/**
 * Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2), one
 * pass. They differ in where weight decay enters: `weightDecay` in the gradient for Adam, `keep` =
 * 1 - learningRate * weightDecay on the parameters for AdamW; the other is 0, or 1.
 *
 *   g    = treeSum(slots) * scale + weightDecay * p
 *   m    = beta1 * m + (1 - beta1) * g, tiny values flushed to zero
 *   v    = beta2 * v + ((1 - beta2) * g) * g, likewise
 *   pOut = p * keep - stepSize * (m / (sqrt(v) + epsilon))
 *
 * The corrections of the moments' bias stand in the scalars (Kingma and Ba 2015, end of section 2):
 * at the t-th step and with c = sqrt(1 - beta2^t), stepSize is learningRate * c / (1 - beta1^t) and
 * epsilon is c times what the user set.
 */
export function adam(
  slots: usize,
  slotStride: usize,
  slotCount: u32,
  parametersIn: usize,
  parametersOut: usize,
  meanIn: usize,
  meanOut: usize,
  squaresIn: usize,
  squaresOut: usize,
  length: u32,
  scale: f32,
  weightDecay: f32,
  keep: f32,
  stepSize: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  epsilon: f32,
): void {
  const scales = f32x4.splat(scale);
  const weightDecays = f32x4.splat(weightDecay);
  const keeps = f32x4.splat(keep);
  const stepSizes = f32x4.splat(stepSize);
  const beta1s = f32x4.splat(beta1);
  const oneMinusBeta1s = f32x4.splat(oneMinusBeta1);
  const beta2s = f32x4.splat(beta2);
  const oneMinusBeta2s = f32x4.splat(oneMinusBeta2);
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
      const meanDecayed = f32x4.mul(beta1s, v128.load(meanIn + offset));
      const m = Moment.flush(f32x4.add(meanDecayed, f32x4.mul(oneMinusBeta1s, g)));
      const squaresDecayed = f32x4.mul(beta2s, v128.load(squaresIn + offset));
      const v = Moment.flush(f32x4.add(squaresDecayed, f32x4.mul(f32x4.mul(oneMinusBeta2s, g), g)));
      v128.store(meanOut + offset, m);
      v128.store(squaresOut + offset, v);
      const change = f32x4.mul(stepSizes, f32x4.div(m, f32x4.add(f32x4.sqrt(v), epsilons)));
      v128.store(parametersOut + offset, f32x4.sub(f32x4.mul(p, keeps), change));
      offset += 16;
    } while (offset != tileEnd);
  } while (offset != end);
}
