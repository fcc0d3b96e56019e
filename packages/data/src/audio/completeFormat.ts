/** The settings of a format that do not come from the training part, with everything decided. */
import { audioOption } from './audioErrors.ts';
import type { MelFormat, RawFormat } from './audioFormat.ts';
import type { AudioOptions } from './audioOptions.ts';
import { emptyFilters, melFilters } from './melFilters.ts';

const WINDOW_SECONDS = 0.03;
const DEFAULT_MELS = 64;
const DEFAULT_RANGE_DB = 80;
/** So that convolutions can halve an example four times. */
const FRAME_MULTIPLE = 16;

/** A format before it is fitted: without length, scaling and classes. */
export type UnfittedFormat =
  | Omit<MelFormat, 'topDb' | 'samples' | 'frames' | 'classNames'>
  | Omit<RawFormat, 'scale' | 'samples' | 'classNames'>;

/** Throws DATA_OPTION for settings that do not fit the sample rate. */
export function unfittedFormat(options: AudioOptions, ownRate: number): UnfittedFormat {
  const { sampleRate = ownRate, labelPattern, features = 'mel' } = options;
  const sound = {
    kind: 'audio' as const,
    sampleRate,
    ...(labelPattern !== undefined && { labelPattern }),
  };
  if (features === 'raw') return { ...sound, features };
  const { fftSize = powerOfTwoFrom(WINDOW_SECONDS * sampleRate) } = options;
  const { hop = fftSize / 2, mels = DEFAULT_MELS, rangeDb = DEFAULT_RANGE_DB } = options;
  const { lowestHz = 0, highestHz = sampleRate / 2, melScale = 'slaney' } = options;
  if (hop > fftSize / 2) {
    throw audioOption(
      'hop',
      `half of the FFT size at most, ${fftSize / 2}`,
      `${hop}`,
      'Make it smaller.',
    );
  }
  if (!(lowestHz >= 0 && lowestHz < highestHz && highestHz <= sampleRate / 2)) {
    const expected = `0 <= lowestHz < highestHz <= ${sampleRate / 2}, half of the sample rate`;
    throw audioOption(
      'lowestHz, highestHz',
      expected,
      `${lowestHz} and ${highestHz}`,
      'Correct them.',
    );
  }
  const mel = { fftSize, hop, mels, lowestHz, highestHz, melScale, rangeDb };
  const empty = emptyFilters(melFilters({ sampleRate, ...mel }));
  if (empty > 0) {
    throw audioOption(
      'mels',
      `so many that each sees a bin of the spectrum (${fftSize / 2 + 1} bins)`,
      `${mels}, of which ${empty} see none`,
      'Use fewer mels, or a larger fftSize.',
    );
  }
  return { ...sound, features, ...mel };
}

/** `samples`, and `frames` where there are any, for examples of at least so many samples. */
export function lengthOf(
  format: UnfittedFormat,
  samples: number,
): { readonly samples: number; readonly frames: number } {
  if (format.features === 'raw') return { samples: Math.max(1, Math.ceil(samples)), frames: 0 };
  const frames = Math.ceil(samples / format.hop / FRAME_MULTIPLE) * FRAME_MULTIPLE;
  return { samples: frames * format.hop, frames };
}

function powerOfTwoFrom(least: number): number {
  let power = 16;
  while (power < least) power *= 2;
  return power;
}
