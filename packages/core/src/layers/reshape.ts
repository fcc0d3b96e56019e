/** Layers without parameters that only change the shape of an example. */
import { reshape as tfReshape } from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';
import type { ExampleShape } from '../model.ts';
import { formatShape, elementCount } from '../shape.ts';
import type { Layer } from './layer.ts';

/** [B, ...from] -> [B, ...to]. Throws MODEL_LAYER_SHAPE if the sizes differ. */
export function reshape(from: ExampleShape, to: ExampleShape): Layer {
  if (elementCount(from) !== elementCount(to)) {
    throw new ModelError({
      code: 'MODEL_LAYER_SHAPE',
      where: 'reshape layer',
      expected: `a shape of ${String(elementCount(from))} values, as ${formatShape(from)} has`,
      got: `${formatShape(to)}, ${String(elementCount(to))} values`,
      fix: 'Choose two shapes with equally many values.',
    });
  }
  return {
    inputShape: from,
    outputShape: to,
    parameters: [],
    apply: (_params, x) => tfReshape(x, [x.shape[0] ?? 1, ...to]),
  };
}

/** [B, ...from] -> [B, size of from]. */
export function flatten(from: ExampleShape): Layer {
  return reshape(from, [elementCount(from)]);
}
