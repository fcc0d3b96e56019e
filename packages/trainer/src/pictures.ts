/** Pictures of what a model makes: samples, and originals above their reconstructions. */
import { datasetLabels, firstExamples, type DataFormat, type Dataset } from '@lockstep/data';
import { required, type ModelFunctions } from './modelFunctions.ts';
import { drawnImages } from './run/exampleImages.ts';
import { encodePng, imageGrid, reconstructionGrid, type PngImage } from './run/imageGrid.ts';
import type { NamedTensor } from './run/namedTensor.ts';

export interface PictureOptions {
  /** Of the examples. */
  readonly kind: DataFormat['kind'];
  readonly count: number;
  readonly parameters: readonly NamedTensor[];
  readonly seed: number;
}

/** @throws RunError where the model cannot sample, or what it makes are no images */
export async function drawSamples(
  functions: ModelFunctions,
  options: PictureOptions,
): Promise<PngImage> {
  const { x } = await functions.run({ ...options, name: 'sample' });
  const shape = [options.count, ...functions.outputShape('sample', 'x')];
  return encodePng(imageGrid(drawnImages(options.kind, { data: required(x), shape })));
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
  const drawn = (values: Float32Array) => drawnImages(options.kind, { data: values, shape });
  return encodePng(reconstructionGrid(drawn(originals), drawn(required(x))));
}

/** Whether a shape can be drawn. */
export function isImageShape(shape: readonly number[]): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}
