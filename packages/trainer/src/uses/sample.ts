/** New examples: the command `sample`. */
import { classNamesOf } from '@lockstep/data';
import { RunError } from '../errors.ts';
import { required, type FunctionCall } from '../modelFunctions.ts';
import { elementCount } from '../run/namedTensor.ts';
import {
  checkExamplePath,
  writeExamples,
  type ExampleSet,
  type WrittenExamples,
} from './exampleFile.ts';
import { drawFitted, type LatentDraw } from './fittedPrior.ts';
import { decodePoints } from './latentPoint.ts';
import { normalLatents } from './normalLatents.ts';
import type { Noticed } from './notices.ts';
import type { TrainedModel } from './openTrained.ts';
import type { UseOptions } from './useOptions.ts';
import { withTrained } from './withTrained.ts';

export interface SampleOptions extends UseOptions {
  readonly count: number;
  /** Path of the file; its folder is made. Pictures .png, tables .csv or .parquet, text .txt, sound .wav. */
  readonly out: string;
  /** The same seed gives the same samples. */
  readonly seed: number;
  /** The class of all samples, by its name or number; one at random for each where it is left out. */
  readonly label?: string;
  /**
   * The prior's normal noise is multiplied by it, or, of text, the tokens' logits divided by it: above 0,
   * below 1 for samples more like the most likely ones. Default 1.
   */
  readonly temperature?: number;
  /**
   * Latents come from a Gaussian fitted to those of the run's training part, not from the prior: better
   * samples of a model whose latents are far from its prior. Not of tables, nor of models that decode
   * more than a latent.
   */
  readonly fittedPrior?: boolean;
}

export interface ExamplesResult extends WrittenExamples, Noticed {
  readonly count: number;
}

/**
 * Draws z from the prior and writes what the decoder makes of it: of pictures and sound the mean of
 * p(x | z), of tables and text a draw from it.
 * @throws CheckpointError, ConfigError, ModelError, RunError
 */
export function sampleRun(run: string, options: SampleOptions): Promise<ExamplesResult> {
  return withTrained(run, options, async (trained) => {
    const { out, count } = options;
    checkExamplePath(out, trained.format);
    return { ...(await writeExamples(trained, out, await drawExamples(trained, options))), count };
  });
}

/** @throws ConfigError, RunError */
export async function drawExamples(
  trained: TrainedModel,
  options: Omit<SampleOptions, 'out' | 'workerEntry'>,
): Promise<ExampleSet> {
  const { count, seed, label, temperature: asked, fittedPrior } = options;
  const name = functionOf(trained);
  trained.require(name);
  if (asked !== undefined) checkTemperature(trained, name);
  const temperature = asked ?? 1;
  const noise = label === undefined ? undefined : labelNoise(trained, name, { count, label });
  const shape = trained.outputShape(name, 'x');
  const drawn = { count, seed, temperature };
  const values = fittedPrior
    ? await drawFitted(trained, drawn)
    : await drawPrior(trained, name, { ...drawn, ...(noise && { noise }) });
  return { format: trained.format, shape, values, count };
}

async function drawPrior(
  trained: TrainedModel,
  name: string,
  call: LatentDraw & Pick<FunctionCall, 'noise'>,
): Promise<Float32Array> {
  if (name !== 'drawDecoded') return required((await trained.run(name, call))['x']);
  const size = elementCount(trained.inputShape(name, 'z'));
  return decodePoints(trained, normalLatents({ ...call, size }), call);
}

/** Rows and sentences are drawn: their mean is none. */
function functionOf(trained: TrainedModel): string {
  const { kind } = trained.format;
  if (kind === 'text' && trained.has('drawDecoded')) return 'drawDecoded';
  return (kind === 'table' || kind === 'text') && trained.has('draw') ? 'draw' : 'sample';
}

/** @throws RunError where it would change nothing: the prior is of codes, not normal */
function checkTemperature({ model }: TrainedModel, name: string): void {
  if (name === 'drawDecoded') return;
  const { noise = {} } = model.functions?.[name] ?? {};
  if (Object.values(noise).some(({ distribution }) => distribution === 'normal')) return;
  throw new RunError({
    code: 'RUN_NO_TEMPERATURE',
    where: '--temperature',
    expected: 'a model that draws normal noise, or text',
    got: `model ${model.name}, which draws none`,
    fix: 'Leave it out.',
  });
}

/** Models that know classes draw one by the noise `label`, uniform: floor(u * classes). */
function labelNoise(
  trained: TrainedModel,
  name: string,
  { count, label: wanted }: { readonly count: number; readonly label: string },
): Readonly<Record<string, Float32Array>> {
  const { classes = 0 } = trained.example;
  if (!trained.noiseOf(name).includes('label')) {
    throw new RunError({
      code: 'RUN_NO_CLASSES',
      where: '--label',
      expected: 'a model that samples by class',
      got: 'one that knows no classes',
      fix: 'Leave it out, or train one that does: preset cvae, semi or semi-stacked.',
    });
  }
  const names = classNamesOf(trained.format);
  const label = labelOf(wanted, names, classes);
  if (label === undefined) {
    const named =
      names && `one of ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' ...' : ''}, or `;
    throw new RunError({
      code: 'RUN_NO_SUCH_CLASS',
      where: '--label',
      expected: `${named ?? ''}a class from 0 to ${classes - 1}`,
      got: wanted,
      fix: 'Choose one of these.',
    });
  }
  return { label: new Float32Array(count).fill((label + 0.5) / classes) };
}

/** A name goes before a number: classes may be named 1, 2 ... */
function labelOf(
  wanted: string,
  names: readonly string[] | undefined,
  classes: number,
): number | undefined {
  const named = names?.indexOf(wanted) ?? -1;
  if (named >= 0) return named;
  const number = /^\d+$/.test(wanted) ? Number(wanted) : NaN;
  return number < classes ? number : undefined;
}
