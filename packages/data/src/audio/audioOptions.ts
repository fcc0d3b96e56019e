/** How to make examples of recordings, as a user says it. */
import type { AudioFormat, MelScale } from './audioFormat.ts';
import { audioOption } from './audioErrors.ts';

export interface AudioOptions {
  /** Log-mel spectrograms, or the samples as they are. Default `mel`. */
  readonly features?: AudioFormat['features'];
  /** In Hz; other recordings are resampled. Default: the first recording's. */
  readonly sampleRate?: number;
  /**
   * Length of an example. Default: as long as 95% of the training recordings at most; 1 where recordings
   * are cut into several. Spectrograms are rounded up to a multiple of 16 frames.
   */
  readonly seconds?: number;
  /**
   * Cut recordings into examples that begin so many seconds apart. Default: a folder's recordings are one
   * example each, and a single file is cut every `seconds`.
   */
  readonly every?: number;
  /** Default: the power of two that is 30 ms long or more. Also the window's length. */
  readonly fftSize?: number;
  /** Samples between frames. Default: half of `fftSize`. */
  readonly hop?: number;
  /** Default 64. */
  readonly mels?: number;
  /** Default 0. */
  readonly lowestHz?: number;
  /** Default: half of the sample rate. */
  readonly highestHz?: number;
  /** Default `slaney`. */
  readonly melScale?: MelScale;
  /** How far below the loudest value silence begins, in decibels. Default 80. */
  readonly rangeDb?: number;
  /**
   * Labels from names: a regular expression on a file's path inside its folder, whose group `label`, or
   * first group, is the class. Its other named groups are what a split may keep together. Default: the
   * subfolders are the classes.
   */
  readonly labelPattern?: string;
  /** Recordings whose path inside the folder it matches are the test part. */
  readonly testPattern?: string;
}

const melOptions = [
  'fftSize',
  'hop',
  'mels',
  'lowestHz',
  'highestHz',
  'melScale',
  'rangeDb',
] as const;

const LEAST_RATE = 1000;
const MOST_RATE = 768_000;
const MOST_FFT = 65_536;
const WHOLE = 'Correct it, or leave it out for the default.';

/** Throws DATA_OPTION. What depends on the data's sample rate is checked later. */
export function checkAudioOptions(options: AudioOptions): void {
  const { features, sampleRate, seconds, every, fftSize, hop, melScale, rangeDb } = options;
  if (features !== undefined && features !== 'mel' && features !== 'raw') {
    throw audioOption('features', '"mel" or "raw"', JSON.stringify(features), WHOLE);
  }
  const useless = features === 'raw' && melOptions.find((name) => options[name] !== undefined);
  if (useless) {
    throw audioOption(
      useless,
      'no such option with raw samples',
      String(options[useless]),
      'Leave it out.',
    );
  }
  integerFrom('sampleRate', sampleRate, LEAST_RATE, MOST_RATE);
  numberAbove('seconds', seconds);
  numberAbove('every', every);
  integerFrom('fftSize', fftSize, 16, MOST_FFT);
  if (fftSize !== undefined && (fftSize & (fftSize - 1)) !== 0) {
    throw audioOption('fftSize', 'a power of two', String(fftSize), 'Use 256, 512 or 1024.');
  }
  integerFrom('hop', hop, 1, MOST_FFT);
  integerFrom('mels', options.mels, 1, MOST_FFT);
  numberAbove('highestHz', options.highestHz);
  if (melScale !== undefined && melScale !== 'slaney' && melScale !== 'htk') {
    throw audioOption('melScale', '"slaney" or "htk"', JSON.stringify(melScale), WHOLE);
  }
  if (rangeDb !== undefined && !(rangeDb >= 1 && rangeDb <= 200)) {
    throw audioOption('rangeDb', 'decibels from 1 to 200', String(rangeDb), WHOLE);
  }
}

function integerFrom(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw audioOption(name, `a whole number from ${least} to ${most}`, String(value), WHOLE);
}

function numberAbove(name: string, value: number | undefined): void {
  if (value === undefined || (value > 0 && value < Infinity)) return;
  throw audioOption(name, 'a number above 0', String(value), WHOLE);
}

/** Throws DATA_OPTION. */
export function patternOf(name: string, pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    const got = error instanceof Error ? error.message : pattern;
    throw audioOption(
      name,
      'a regular expression',
      got,
      'Write for example ^(\\d+)_ for 7_anna_3.wav.',
    );
  }
}
