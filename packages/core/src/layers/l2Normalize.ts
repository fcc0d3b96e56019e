/** Each example divided by its Euclidean length; one of zeros stays as it is. */
import { div, maximum, reshape, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core';
import type { ExampleShape } from '../model.ts';
import type { Layer } from './layer.ts';

/** Instead of a length of zero. */
const TINY = 1e-12;

/** [B, ...inputShape] -> the same. */
export function l2Normalize(inputShape: ExampleShape): Layer {
  return {
    inputShape,
    outputShape: inputShape,
    parameters: [],
    apply: (_params, x) =>
      tidy('l2Normalize', () => {
        const dims = inputShape.map((_, dim) => dim + 1);
        const length = sqrt(maximum(sum(square(x), dims), TINY)); // [B]
        return div(x, reshape(length, [-1, ...inputShape.map(() => 1)]));
      }),
  };
}
