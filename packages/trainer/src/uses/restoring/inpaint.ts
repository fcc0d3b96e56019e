/** Hidden parts of pictures, and missing values of tables, completed in several ways: the command `inpaint`. */
import { peakSignalToNoise } from '@lockstep/core/metrics';
import { ConfigError } from '../../errors.ts';
import { checkExamplePath } from '../exampleFile.ts';
import { withTrained, type OpenTrainedOptions, type TrainedModel } from '../openTrained.ts';
import { takeExamples } from '../takeExamples.ts';
import { openUseData, type DataChoice } from '../useData.ts';
import { fillTable, type TableInpaintResult } from './fillTable.ts';
import { boxMask, readMask, type Box } from './mask.ts';
import { drawHidden } from './pseudoGibbs.ts';
import { drawRows, requirePictures } from './restoredRows.ts';

export interface InpaintOptions extends OpenTrainedOptions, DataChoice {
  /** PNG whose white pixels are hidden, or NPY array whose values other than 0 are; of the pictures' size. */
  readonly mask?: string;
  /** Instead: what is hidden. */
  readonly box?: Box;
  /**
   * The picture to write, .png; or of a table .csv or .parquet, and NAME-cells beside it: what was filled in,
   * and each completion.
   */
  readonly out: string;
  /** Ways to complete each picture or row. Default 4. */
  readonly completions?: number;
  /** Of the chain that completes them. Default 100. */
  readonly steps?: number;
  /** Pictures shown. Default 10. */
  readonly count?: number;
  /** Pictures completed and measured, the first of the data; default 100. Of a table: rows; default all. */
  readonly examples?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Of a table: a share of the known values to hide besides, to see how well they are filled in. */
  readonly hide?: number;
  /** Of the chains' steps. */
  onProgress?(done: number, total: number): void;
}

/** Over the hidden values of all pictures, in decibels, of the mean squared error. */
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
  readonly completions: number;
  readonly steps: number;
  /** Hidden values of an example. */
  readonly hidden: number;
  readonly psnr: InpaintPsnr;
  readonly path: string;
}

export type InpaintResult = PictureInpaintResult | TableInpaintResult;

/**
 * Completes pictures (`pseudoGibbs.ts`) or the missing values of a table (`missingValues.ts`) by conditional
 * sampling.
 *
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function inpaintRun(run: string, options: InpaintOptions): Promise<InpaintResult> {
  return withTrained<InpaintResult>(run, options, (trained) =>
    trained.format.kind === 'table' ? fillTable(trained, options) : inpaint(trained, options),
  );
}

async function inpaint(
  trained: TrainedModel,
  options: InpaintOptions,
): Promise<PictureInpaintResult> {
  const { out, completions = 4, steps = 100, seed = 0, onProgress } = options;
  requirePictures(trained);
  checkExamplePath(out, { kind: 'image' });
  if (options.hide !== undefined) throw uselessHide();
  if ((options.mask === undefined) === (options.box === undefined)) throw oneOf(options);
  for (const name of ['drawLatent', 'decode']) trained.require(name);
  const { shape } = trained.example;
  const mask = await maskOf(options, shape);
  const data = await openUseData(trained, options);
  const examples = await takeExamples(trained, data, options.examples ?? 100);
  const { count, size, x } = examples;
  const masked = x.map((value, i) => (mask[i % size] === 1 ? 0 : value));
  const made: Float32Array[] = [];
  let done = 0;
  for (let chain = 0; chain < completions; chain++) {
    const onStep = (): void => onProgress?.(++done, completions * steps);
    made.push(await drawHidden(trained, examples, { mask, steps, seed, chain, onStep }));
  }
  await drawRows(
    out,
    [
      { name: 'original', data: x },
      { name: 'masked', data: masked },
      ...made.map((completed, i) => ({ name: `completion ${i + 1}`, data: completed })),
    ],
    { ...examples, count: Math.min(options.count ?? 10, count) },
  );
  const mean = x.map((_, i) => made.reduce((sum, each) => sum + (each[i] ?? 0), 0) / completions);
  const errorOf = (from: Float32Array): number => hiddenError(from, x, mask);
  const completionError = made.reduce((sum, each) => sum + errorOf(each), 0) / completions;
  const { checkpoint, step } = trained;
  return {
    ...{
      kind: 'pictures',
      checkpoint,
      step,
      source: data.info.source,
      examples: count,
      completions,
      steps,
    },
    hidden: mask.reduce((sum, value) => sum + value, 0),
    psnr: {
      completion: peakSignalToNoise(completionError),
      mean: peakSignalToNoise(errorOf(mean)),
      black: peakSignalToNoise(errorOf(masked)),
    },
    path: out,
  };
}

function maskOf(
  { mask, box }: Pick<InpaintOptions, 'mask' | 'box'>,
  shape: readonly number[],
): Promise<Uint8Array> | Uint8Array {
  if (box) return boxMask(box, shape);
  if (mask !== undefined) return readMask(mask, shape);
  throw new Error('one of the two was checked for');
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
