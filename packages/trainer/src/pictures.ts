/** Pictures of what a model makes: samples, and originals above their reconstructions. */
import { datasetLabels, firstExamples, type Dataset } from '@lockstep/data';
import { RunError } from './errors.ts';
import type { ModelFunctions } from './modelFunctions.ts';
import { encodePng, imageGrid, reconstructionGrid, type PngImage } from './run/imageGrid.ts';
import type { NamedTensor } from './run/namedTensor.ts';

export interface PictureOptions {
  readonly count: number;
  readonly parameters: readonly NamedTensor[];
  readonly seed: number;
}

/** A class, of so many. */
export interface ChosenClass {
  readonly label: number;
  readonly classes: number;
}

/**
 * Of the class, if one is chosen.
 * @throws RunError where the model cannot sample (that class), or what it makes are no images
 */
export async function drawSamples(
  functions: ModelFunctions,
  options: PictureOptions,
  chosen?: ChosenClass,
): Promise<PngImage> {
  const noise = chosen && labelNoise(functions, options.count, chosen);
  const { x } = await functions.run({ ...options, name: 'sample', ...(noise && { noise }) });
  const shape = [options.count, ...functions.outputShape('sample', 'x')];
  return encodePng(imageGrid({ data: required(x), shape }));
}

/** Models that know classes draw one by the noise `label`, uniform: floor(u * classes). */
function labelNoise(
  functions: ModelFunctions,
  count: number,
  { label, classes }: ChosenClass,
): Readonly<Record<string, Float32Array>> {
  if (!functions.noiseOf('sample').includes('label')) {
    throw new RunError({
      code: 'RUN_NO_CLASSES',
      where: '--label',
      expected: 'a model that samples by class',
      got: 'one that knows no classes',
      fix: 'Leave it out, or train one that does: preset cvae or semi.',
    });
  }
  if (label >= classes) {
    throw new RunError({
      code: 'RUN_NO_SUCH_CLASS',
      where: '--label',
      expected: `a class from 0 to ${classes - 1}`,
      got: String(label),
      fix: 'Choose one of these.',
    });
  }
  return { label: new Float32Array(count).fill((label + 0.5) / classes) };
}

/**
 * Reconstructs the first examples of `data`.
 * @throws RunError where the model cannot reconstruct, or what it makes are no images
 */
export async function drawReconstructions(
  functions: ModelFunctions,
  data: Dataset,
  options: PictureOptions,
): Promise<PngImage> {
  const originals = firstExamples(data, options.count, options.seed);
  const labels = datasetLabels(data.head ?? data)?.subarray(0, options.count);
  const inputs = { x: originals, ...(labels && { label: Float32Array.from(labels) }) };
  const { x } = await functions.run({ ...options, name: 'reconstruct', inputs });
  const shape = [options.count, ...data.shape];
  return encodePng(reconstructionGrid({ data: originals, shape }, { data: required(x), shape }));
}

function required(output: Float32Array | undefined): Float32Array {
  if (!output) throw new Error('sample and reconstruct have an output "x"');
  return output;
}

/** Whether a shape can be drawn. */
export function isImageShape(shape: readonly number[]): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}
