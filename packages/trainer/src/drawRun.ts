/** Pictures from a trained model: the commands `sample` and `reconstruct`. */
import { ModelFunctions } from './modelFunctions.ts';
import { openRun } from './openRun.ts';
import { drawReconstructions, drawSamples } from './pictures.ts';
import type { PngImage } from './run/imageGrid.ts';
import { makeFoldersFor } from './run/makeFolders.ts';
import { writeFileAtomically } from './run/writeFileAtomically.ts';

export interface DrawOptions {
  /** Examples in the picture. */
  readonly count: number;
  /** Path of the PNG file; its folder is made. */
  readonly out: string;
  /** The same seed gives the same picture. */
  readonly seed: number;
  /** The one that trained the model, by default. Another differs in the last digits. */
  readonly engine?: string;
}

export interface SampleOptions extends DrawOptions {
  /** The class of all samples; one at random for each where it is left out. */
  readonly label?: number;
}

export interface DrawResult {
  readonly path: string;
  readonly count: number;
}

/**
 * Draws samples from the prior.
 * @throws CheckpointError, DataError, ModelError, RunError
 */
export async function sampleRun(
  run: string,
  { label, engine: asked, ...options }: SampleOptions,
): Promise<DrawResult> {
  const { model, engine, parameters, data } = await openRun(run, asked);
  const { classes = 0 } = data.train;
  const chosen = label === undefined ? undefined : { label, classes };
  const functions = new ModelFunctions(model, engine);
  const picture = await drawSamples(functions, { ...options, parameters }, chosen);
  return write(picture, options.count, options.out);
}

/**
 * Draws the first test examples, and under each row their reconstructions.
 * @throws CheckpointError, DataError, ModelError, RunError
 */
export async function reconstructRun(
  run: string,
  { engine: asked, ...options }: DrawOptions,
): Promise<DrawResult> {
  const { model, engine, parameters, data } = await openRun(run, asked);
  const functions = new ModelFunctions(model, engine);
  const test = await data.load('test', { stagingBytes: 0 });
  const count = Math.min(options.count, test.count);
  const picture = await drawReconstructions(functions, test, { ...options, count, parameters });
  return write(picture, count, options.out);
}

async function write({ png }: PngImage, count: number, out: string): Promise<DrawResult> {
  await makeFoldersFor(out);
  await writeFileAtomically(out, png);
  return { path: out, count };
}
