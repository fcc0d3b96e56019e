/** Noise taken away from pictures by a model that knows what clean ones look like: the command `denoise`. */
import { medianFilter, peakSignalToNoise, rowErrors, rowsOf, meanOf } from '@lockstep/core/metrics';
import { ConfigError } from '../../errors.ts';
import { checkExamplePath } from '../exampleFile.ts';
import type { TrainedModel } from '../openTrained.ts';
import type { UseOptions } from '../useOptions.ts';
import { takeExamples } from '../takeExamples.ts';
import { openUseData, type DataChoice } from '../useData.ts';
import { addNoise, parseNoise } from './pictureNoise.ts';
import { drawRows, requirePictures, runRows } from './restoredRows.ts';
import { withTrained } from '../withTrained.ts';

export interface DenoiseOptions extends UseOptions, DataChoice {
  /** Noise to add to clean pictures: `gaussian:0.3`, `mask:0.5` or `salt:0.2`. Without it, `data` is noisy. */
  readonly noise?: string;
  /** The picture to write, .png. */
  readonly out: string;
  /** Pictures shown. Default 10. */
  readonly count?: number;
  /** Pictures restored and measured, the first of the data. Default 1000. */
  readonly examples?: number;
  /** Of the noise. Default 0. */
  readonly seed?: number;
}

/** In decibels, of the mean squared error over all pictures. */
export interface DenoisePsnr {
  readonly noisy: number;
  readonly restored: number;
  /** Of a median filter of 3 x 3 pixels, on values clipped to [0, 1]: it does better on them. */
  readonly median: number;
}

export interface DenoiseResult {
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  readonly examples: number;
  /** How many of them the picture shows. */
  readonly shown: number;
  readonly noise?: string;
  /** Where the clean pictures are known. */
  readonly psnr?: DenoisePsnr;
  readonly path: string;
}

/**
 * Restores pictures by `reconstruct`: the mean of p(x | z) at the posterior's mean for the noisy one. A
 * model of preset `denoising` was trained for that; others project onto the pictures they know.
 *
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function denoiseRun(run: string, options: DenoiseOptions): Promise<DenoiseResult> {
  const noise = options.noise === undefined ? undefined : parseNoise(options.noise);
  return withTrained(run, options, (trained) => denoise(trained, options, noise));
}

async function denoise(
  trained: TrainedModel,
  { out, examples: most = 1000, seed = 0, ...options }: DenoiseOptions,
  noise: ReturnType<typeof parseNoise> | undefined,
): Promise<DenoiseResult> {
  requirePictures('denoise', trained);
  if (!noise && options.data === undefined) throw nothingNoisy();
  checkExamplePath(out, { kind: 'image' });
  trained.require('reconstruct');
  const data = await openUseData(trained, { ...options, out });
  const examples = await takeExamples(trained, data, most);
  const { x: clean, count, shape, size, label } = examples;
  const noisy = noise ? addNoise(clean, size, noise, seed) : clean;
  const restored = await runRows(trained, 'reconstruct', 'x', {
    count,
    inputs: { x: noisy, label },
    onRows: (done) => trained.tell(done, count, 'reconstruct'),
  });
  const median = medianFilter(clipped(noisy), shape);
  const { kind } = trained.format;
  const shown = Math.min(options.count ?? 10, count);
  await drawRows(
    out,
    [
      ...(noise ? [{ name: 'clean', data: clean }] : []),
      { name: 'noisy', data: noisy },
      { name: 'restored', data: restored },
      { name: 'median filter', data: median },
    ],
    { ...examples, kind, count: shown },
  );
  const psnr = (made: Float32Array): number =>
    peakSignalToNoise(meanOf(rowErrors(rowsOf(made, size), rowsOf(clean, size))));
  const { checkpoint, step } = trained;
  return {
    ...{ checkpoint, step, source: data.info.source, examples: count, shown, path: out },
    ...(noise && {
      noise: `${noise.kind}:${noise.level}`,
      psnr: { noisy: psnr(noisy), restored: psnr(restored), median: psnr(median) },
    }),
  };
}

function clipped(values: Float32Array): Float32Array {
  return values.map((value) => Math.min(Math.max(value, 0), 1));
}

function nothingNoisy(): ConfigError {
  return new ConfigError({
    code: 'CONFIG_NOTHING_NOISY',
    where: '--noise',
    expected: 'noise to add to clean pictures, or noisy pictures (--data)',
    got: 'neither',
    fix: 'Add --noise gaussian:0.3, for example.',
  });
}
