import { Moment } from './moment';
import { TreeSum } from './treeSum';

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
  const rates = f32x4.splat(learningRate);
  const decays = f32x4.splat(decay);
  for (let offset: usize = 0, end = (<usize>length) << 2; offset < end; offset += 16) {
    const sum = TreeSum.at(slots + offset, slotStride, slotCount);
    const parameters = v128.load(parametersIn + offset);
    const gradient = f32x4.add(f32x4.mul(sum, scales), f32x4.mul(weightDecays, parameters));
    const velocity = Moment.flush(
      f32x4.add(f32x4.mul(decays, v128.load(velocityIn + offset)), gradient),
    );
    v128.store(velocityOut + offset, velocity);
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(decays, velocity)) : velocity;
    v128.store(parametersOut + offset, f32x4.sub(parameters, f32x4.mul(rates, direction)));
  }
}
