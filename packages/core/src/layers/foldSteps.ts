/** Neighbouring steps of a sequence as one, side by side, and back: a sequence made shorter or longer. */
import { pad, reshape, slice, tidy, type Tensor3D } from '@tensorflow/tfjs-core';
import type { ExampleShape } from '../model.ts';
import type { Layer } from './layer.ts';
import { requirePositiveIntegers, requireSequenceShape } from './options.ts';

/**
 * [B, steps, channels] -> [B, ceil(steps / count), count * channels]; what the last step lacks is zero.
 * Throws MODEL_LAYER_OPTION, MODEL_LAYER_SHAPE.
 */
export function foldSteps(inputShape: ExampleShape, count: number): Layer {
  const [steps, channels] = requireSequenceShape('foldSteps', inputShape);
  requirePositiveIntegers('foldSteps', { count });
  const folded = Math.ceil(steps / count);
  const missing = folded * count - steps;
  return {
    inputShape,
    outputShape: [folded, count * channels],
    parameters: [],
    apply: (_params, x) =>
      tidy(() => {
        const whole = missing > 0 ? pad(x as Tensor3D, [[0, 0], [0, missing], [0, 0]]) : x; // prettier-ignore
        return reshape(whole, [x.shape[0] ?? 1, folded, count * channels]);
      }),
  };
}

/**
 * [B, n, count * channels] -> [B, steps, channels], for `steps` of at most n * count; the rest goes.
 * Throws MODEL_LAYER_OPTION, MODEL_LAYER_SHAPE.
 */
export function unfoldSteps(inputShape: ExampleShape, count: number, steps: number): Layer {
  const [folded, width] = requireSequenceShape('unfoldSteps', inputShape);
  const channels = width / count;
  requirePositiveIntegers('unfoldSteps', { count, steps, channels, surplus: folded * count - steps + 1 }); // prettier-ignore
  return {
    inputShape,
    outputShape: [steps, channels],
    parameters: [],
    apply: (_params, x) =>
      tidy(() => {
        const batch = x.shape[0] ?? 1;
        const all: Tensor3D = reshape(x, [batch, folded * count, channels]);
        return steps === folded * count ? all : slice(all, [0, 0, 0], [batch, steps, channels]);
      }),
  };
}
