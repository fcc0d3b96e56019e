import { Moment } from './moment';
import { TreeSum } from './treeSum';

/**
 * Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2), one
 * pass. They differ in where weight decay enters: `weightDecay` in the gradient for Adam, `keep` =
 * 1 - learningRate * weightDecay on the parameters for AdamW; the other is 0, or 1.
 *
 *   g    = treeSum(slots) * scale + weightDecay * p
 *   m    = beta1 * m + (1 - beta1) * g, tiny values flushed to zero
 *   v    = beta2 * v + ((1 - beta2) * g) * g, likewise
 *   pOut = p * keep - stepSize * (m / (sqrt(v) * inverseRoot + epsilon))
 *
 * where, at the t-th step, stepSize = learningRate / (1 - beta1^t) and
 * inverseRoot = 1 / sqrt(1 - beta2^t).
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
  inverseRoot: f32,
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
  const inverseRoots = f32x4.splat(inverseRoot);
  const epsilons = f32x4.splat(epsilon);
  for (let offset: usize = 0, end = (<usize>length) << 2; offset < end; offset += 16) {
    const sum = TreeSum.at(slots + offset, slotStride, slotCount);
    const parameters = v128.load(parametersIn + offset);
    const gradient = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, parameters));
    const mean = Moment.flush(
      f32x4.add(f32x4.mul(beta1s, v128.load(meanIn + offset)), f32x4.mul(oneMinusBeta1s, gradient)),
    );
    const squares = Moment.flush(
      f32x4.add(
        f32x4.mul(beta2s, v128.load(squaresIn + offset)),
        f32x4.mul(f32x4.mul(oneMinusBeta2s, gradient), gradient),
      ),
    );
    v128.store(meanOut + offset, mean);
    v128.store(squaresOut + offset, squares);
    const deviation = f32x4.add(f32x4.mul(f32x4.sqrt(squares), inverseRoots), epsilons);
    const change = f32x4.mul(stepSizes, f32x4.div(mean, deviation));
    v128.store(parametersOut + offset, f32x4.sub(f32x4.mul(parameters, keeps), change));
  }
}
