/** New text and new sound: the command `generate`. */
import { ConfigError } from '../errors.ts';
import { interpolateExamples } from './interpolate.ts';
import { withTrained, type OpenTrainedOptions } from './openTrained.ts';
import { sampleExamples, type ExamplesResult } from './sample.ts';

export interface GenerateOptions extends OpenTrainedOptions {
  /** How many; between two texts, the points of the way. */
  readonly count: number;
  /** Path of the file: .txt of text, .wav (or .png, spectrograms) of sound. */
  readonly out: string;
  readonly seed: number;
  /** As of `sample`. Default 1, and between two texts 0.5. */
  readonly temperature?: number;
  /** What lies between these two: numbers of test examples from 0, or, of text, two texts. */
  readonly between?: readonly [from: string, to: string];
}

/** Between two texts, what is likely shows the way better than what is varied. */
const BETWEEN_TEMPERATURE = 0.5;

/**
 * Draws text or sound from the prior, or between two examples.
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export function generateRun(run: string, options: GenerateOptions): Promise<ExamplesResult> {
  const { between, temperature, ...others } = options;
  return withTrained(run, options, async (trained) => {
    const { kind } = trained.format;
    if (kind !== 'text' && kind !== 'audio') throw notGenerated(run, kind);
    if (!between)
      return sampleExamples(trained, {
        ...others,
        ...(temperature !== undefined && { temperature }),
      });
    const { count: steps } = options;
    if (steps < 2) throw tooFew(steps);
    if (kind === 'audio' && temperature !== undefined) throw uselessTemperature(temperature);
    const [from, to] = between;
    return interpolateExamples(trained, {
      ...{ ...others, from, to, steps, paths: ['spherical'] },
      temperature: temperature ?? BETWEEN_TEMPERATURE,
    });
  });
}

function notGenerated(run: string, kind: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_DATA_KIND',
    where: run,
    expected: 'a run on text or audio',
    got: `one on ${kind} data`,
    fix: 'Draw from it with sample and interpolate.',
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

function tooFew(count: number): ConfigError {
  return new ConfigError({
    code: 'CONFIG_COUNT',
    where: '--count',
    expected: 'at least 2, both ends of the way',
    got: String(count),
    fix: 'Ask for more.',
  });
}
