/** Checks a model against the data it is to see. */
import { ModelError } from './errors.ts';
import type { ExampleInfo, Model } from './model.ts';
import { printShape, sameShape } from './shape.ts';

/**
 * Throws MODEL_INPUT_SHAPE if the model reads another shape of `x` or `label` than the data has,
 * MODEL_NO_LABELS if it reads labels of data without, MODEL_UNKNOWN_INPUT if it reads anything else.
 */
export function checkModelFits(model: Model, example: ExampleInfo): void {
  for (const [name, shape] of Object.entries(model.inputs)) {
    const where = `model "${model.name}", input "${name}"`;
    if (name !== 'x' && name !== 'label') {
      throw new ModelError({
        code: 'MODEL_UNKNOWN_INPUT',
        where,
        expected: 'x or label, which are what the data has',
        got: `"${name}"`,
        fix: 'Read x and label only; randomness belongs in noise.',
      });
    }
    if (name === 'label' && example.classes === undefined) {
      throw new ModelError({
        code: 'MODEL_NO_LABELS',
        where,
        expected: 'data with labels',
        got: 'data without',
        fix: 'Use data with labels, or a model that reads x only.',
      });
    }
    const given = name === 'x' ? example.shape : [];
    if (!sameShape(shape, given)) {
      throw new ModelError({
        code: 'MODEL_INPUT_SHAPE',
        where,
        expected: `examples of shape ${printShape(shape)}`,
        got: `${printShape(given)} in the data`,
        fix: 'Build the model from the shape that its factory is given, or convert the data.',
      });
    }
  }
}
