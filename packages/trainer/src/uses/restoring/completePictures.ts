/** Hidden parts of pictures, completed in several ways: the command `inpaint` on pictures. */
import { peakSignalToNoise } from '@lockstep/core/metrics';
import { ConfigError } from '../../errors.ts';
import { drawnPlaces, drawnShape } from '../../run/exampleImages.ts';
import { checkExamplePath } from '../exampleFile.ts';
import type { TrainedModel } from '../openTrained.ts';
import { takeExamples } from '../takeExamples.ts';
import { openUseData } from '../useData.ts';
import { drawHidden, HIDDEN_FUNCTIONS, hiddenBlocks } from './drawHidden.ts';
import type { InpaintOptions } from './inpaintOptions.ts';
import { boxMask, readMask } from './mask.ts';
import { drawRows, requirePictures } from './restoredRows.ts';

/** Over the hidden values of all pictures, in decibels, of the mean squared error; infinite, in JSON null, where there is none. */
export interface InpaintPsnr {
  /** Of a completion. */
  readonly completion: number;
  /** Of the mean of all completions of a picture: nearer, and less sharp. */
  readonly mean: number;
  /** Of hidden values that are left black. */
  readonly black: number;
}

export interface PictureInpaintResult {
  readonly kind: 'pictures';
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  readonly examples: number;
  /** How many of them the picture shows. */
  readonly shown: number;
  readonly completions: number;
  readonly steps: number;
  /** Of an example. */
  readonly values: number;
  /** How many of them are hidden. */
  readonly hidden: number;
  readonly psnr: InpaintPsnr;
  readonly path: string;
}

/** @throws ConfigError, DataError, RunError */
export async function completePictures(
  trained: TrainedModel,
  options: InpaintOptions,
): Promise<PictureInpaintResult> {
  const { out, completions = 4, steps = 100, seed = 0 } = options;
  requirePictures('inpaint', trained);
  checkExamplePath(out, { kind: 'image' });
  if (options.hide !== undefined) throw uselessHide();
  if ((options.mask === undefined) === (options.box === undefined)) throw oneOf(options);
  for (const name of HIDDEN_FUNCTIONS) trained.require(name);
  const mask = await maskOf(options, trained);
  const outputs = [{ path: out, where: '--out' }];
  const data = await openUseData(trained, options, { outputs, inputs: [options.mask] });
  const examples = await takeExamples(trained, data, options.examples ?? 100);
  const { count, size, x } = examples;
  const masked = x.map((value, i) => (mask[i % size] === 1 ? 0 : value));
  const shown = Math.min(options.count ?? 10, count);
  const made: Float32Array[] = [];
  let done = 0;
  const total = completions * steps * hiddenBlocks(count);
  for (let chain = 0; chain < completions; chain++) {
    const onStep = (): void => trained.tell(++done, total, 'chains');
    made.push(await drawHidden(trained, examples, { mask, steps, seed, chain, onStep }));
  }
  const mean = x.map((_, i) => made.reduce((sum, each) => sum + (each[i] ?? 0), 0) / completions);
  const errorOf = (from: Float32Array): number => hiddenError(from, x, mask);
  const completionError = made.reduce((sum, each) => sum + errorOf(each), 0) / completions;
  const psnr = {
    completion: peakSignalToNoise(completionError),
    mean: peakSignalToNoise(errorOf(mean)),
    black: peakSignalToNoise(errorOf(masked)),
  };
  await drawRows(
    out,
    [
      { name: 'original', data: x },
      { name: 'masked', data: masked },
      ...made.map((completed, i) => ({ name: `completion ${i + 1}`, data: completed })),
    ],
    { ...examples, kind: trained.format.kind, count: shown },
  );
  const { checkpoint, step } = trained;
  return {
    ...{
      kind: 'pictures',
      checkpoint,
      step,
      source: data.info.source,
      examples: count,
      shown,
      completions,
      steps,
    },
    values: size,
    hidden: mask.reduce((sum, value) => sum + value, 0),
    psnr,
    path: out,
  };
}

/** In the order of an example's values, of what is said of its picture. [size] */
async function maskOf(
  { mask, box }: Pick<InpaintOptions, 'mask' | 'box'>,
  { format, example }: TrainedModel,
): Promise<Uint8Array> {
  const shape = drawnShape(format.kind, example.shape);
  const hidden = box ? boxMask(box, shape) : await readMask(mask ?? '', shape);
  return Uint8Array.from(drawnPlaces(format.kind, example.shape), (place) => hidden[place] ?? 0);
}

/** Mean squared error over what is hidden. */
function hiddenError(made: Float32Array, x: Float32Array, mask: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    if (mask[i % mask.length] === 0) continue;
    sum += ((made[i] ?? 0) - (x[i] ?? 0)) ** 2;
    count += 1;
  }
  return sum / count;
}

function uselessHide(): ConfigError {
  return new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: '--hide',
    expected: 'a run on a table',
    got: 'one on pictures',
    fix: 'Say what is hidden by --mask or --box.',
  });
}

function oneOf({ mask }: Pick<InpaintOptions, 'mask'>): ConfigError {
  return new ConfigError({
    code: 'CONFIG_MASK',
    where: '--mask',
    expected: 'what is hidden: --mask FILE or --box TOP,LEFT,HEIGHT,WIDTH',
    got: mask === undefined ? 'neither' : 'both',
    fix: 'Give one of them.',
  });
}
