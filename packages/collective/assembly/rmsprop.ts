import { Moment } from './moment';
import { TreeSum } from './treeSum';

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
  const rates = f32x4.splat(learningRate);
  const alphas = f32x4.splat(alpha);
  const oneMinusAlphas = f32x4.splat(oneMinusAlpha);
  const epsilons = f32x4.splat(epsilon);
  for (let offset: usize = 0, end = (<usize>length) << 2; offset < end; offset += 16) {
    const sum = TreeSum.at(slots + offset, slotStride, slotCount);
    const parameters = v128.load(parametersIn + offset);
    const gradient = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, parameters));
    const squares = Moment.flush(
      f32x4.add(
        f32x4.mul(alphas, v128.load(squaresIn + offset)),
        f32x4.mul(f32x4.mul(oneMinusAlphas, gradient), gradient),
      ),
    );
    v128.store(squaresOut + offset, squares);
    const direction = f32x4.div(gradient, f32x4.add(f32x4.sqrt(squares), epsilons));
    v128.store(parametersOut + offset, f32x4.sub(parameters, f32x4.mul(rates, direction)));
  }
}
