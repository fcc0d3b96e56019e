/** New text and new sound: the command `generate`. */
import { ConfigError } from '../errors.ts';
import { checkExamplePath, tellTexts, writeExamples, type ToldExamples } from './exampleFile.ts';
import { examplesBetween, type PathExamples } from './interpolate.ts';
import { checkUse } from './kindsOfUses.ts';
import type { Noticed } from './notices.ts';
import type { TrainedModel } from './openTrained.ts';
import { drawExamples } from './sample.ts';
import type { UseOptions } from './useOptions.ts';
import { withTrained } from './withTrained.ts';

export interface GenerateOptions extends UseOptions {
  /** How many; between two texts, the points of the way. */
  readonly count: number;
  /** Path of the file: .txt of text, .wav (or .png, spectrograms) of sound. Text may do without one. */
  readonly out?: string;
  readonly seed: number;
  /** As of `sample`. Default 1, and between two texts 0.5. */
  readonly temperature?: number;
  /** As of `sample`. */
  readonly fittedPrior?: boolean;
  /** What lies between these two: numbers of test examples from 0, or, of text, two texts. */
  readonly between?: readonly [from: string, to: string];
}

export interface GenerateResult extends ToldExamples, Noticed {
  readonly count: number;
  /** Where something was written. */
  readonly path?: string;
}

/** Between two texts, what is likely shows the way better than what is varied. */
const BETWEEN_TEMPERATURE = 0.5;
/** As the command names them. */
const ENDS = ['--from', '--to'] as const;

/**
 * Draws text or sound from the prior, or between two examples.
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export function generateRun(run: string, options: GenerateOptions): Promise<GenerateResult> {
  return withTrained(run, options, async (trained) => {
    const { out } = options;
    const { format } = trained;
    checkUse('generate', trained);
    if (out === undefined && format.kind === 'audio') throw noFile(run);
    if (out !== undefined) checkExamplePath(out, format);
    const { set, arrangement } = await generate(trained, options);
    const told =
      out === undefined ? tellTexts(set) : await writeExamples(trained, out, set, arrangement);
    return { ...told, count: set.count };
  });
}

async function generate(
  trained: TrainedModel,
  { between, temperature, fittedPrior = false, count, seed }: GenerateOptions,
): Promise<PathExamples> {
  const isAsked = temperature !== undefined;
  if (!between) {
    const drawn = { count, seed, fittedPrior, ...(isAsked && { temperature }) };
    const set = await drawExamples(trained, drawn);
    return { set, arrangement: {} };
  }
  if (count < 2) throw tooFew(count);
  if (fittedPrior) throw uselessPrior();
  if (trained.format.kind === 'audio' && isAsked) throw uselessTemperature(temperature);
  const [from, to] = between;
  const way = { from, to, steps: count, paths: ['spherical'], seed } as const;
  return examplesBetween(
    trained,
    { ...way, temperature: temperature ?? BETWEEN_TEMPERATURE },
    ENDS,
  );
}

function noFile(run: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_NOTHING_TO_WRITE',
    where: '--out',
    expected: `a file to write the sound of ${run} to`,
    got: 'none',
    fix: 'Add --out sounds.wav.',
  });
}

function uselessTemperature(temperature: number): ConfigError {
  return new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: '--temperature',
    expected: 'samples of the prior, or text: nothing is drawn between two recordings',
    got: `--temperature ${temperature} between two recordings`,
    fix: 'Leave it out.',
  });
}

function uselessPrior(): ConfigError {
  return new ConfigError({
    code: 'CONFIG_USELESS_FLAG',
    where: '--fitted-prior',
    expected: 'new examples: between two nothing is drawn from a prior',
    got: '--fitted-prior beside --from and --to',
    fix: 'Leave it out.',
  });
}

function tooFew(count: number): ConfigError {
  return new ConfigError({
    code: 'CONFIG_COUNT',
    where: '--count',
    expected: 'at least 2, both ends of the way',
    got: String(count),
    fix: 'Ask for more.',
  });
}
