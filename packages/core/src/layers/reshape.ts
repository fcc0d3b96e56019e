/** Layers without parameters that only change the shape of an example. */
import { reshape as tfReshape } from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';
import type { ExampleShape } from '../model.ts';
import { printShape, sizeOf } from '../shape.ts';
import type { Layer } from './layer.ts';

/** [B, ...from] -> [B, ...to]. Throws MODEL_LAYER_SHAPE if the sizes differ. */
export function reshape(from: ExampleShape, to: ExampleShape): Layer {
  if (sizeOf(from) !== sizeOf(to)) {
    throw new ModelError({
      code: 'MODEL_LAYER_SHAPE',
      where: 'reshape layer',
      expected: `a shape of ${String(sizeOf(from))} values, as ${printShape(from)} has`,
      got: `${printShape(to)}, ${String(sizeOf(to))} values`,
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
  return reshape(from, [sizeOf(from)]);
}
