/** How more images are read for a model that was trained on some. */
import type { TransformOptions } from '../pixels/transform.ts';
import type { ExampleSource } from './exampleSource.ts';

/** Grey images among the test data of a model for color lose nothing by becoming color. */
export function asTrained(
  { shape }: Pick<ExampleSource, 'shape'>,
  options: TransformOptions,
): TransformOptions {
  const isRgb = shape.length === 3 && shape[2] === 3;
  return options.color === undefined && isRgb ? { ...options, color: 'rgb' } : options;
}
