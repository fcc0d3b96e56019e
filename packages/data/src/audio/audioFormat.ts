/**
 * How an example of sound was made of samples, so that more can be read alike, and sound made of an
 * example again. Plain JSON, kept in the checkpoint.
 */

/** Of all examples, whatever they are made of. */
interface SoundFormat {
  readonly kind: 'audio';
  /** Sound of another rate is resampled to it. */
  readonly sampleRate: number;
  /** Of one example, at this rate: what is shorter ends in silence, what is longer is cut. */
  readonly samples: number;
  /** Long recordings are cut into examples that begin so many samples apart; absent: one example a file. */
  readonly every?: number;
  /** Regular expression on a file's path inside its folder, whose first group (or `label`) is the class. */
  readonly labelPattern?: string;
  readonly classNames?: readonly string[];
}

/** x: [frames, mels, 1], from 0 (`rangeDb` below `topDb`, or less) to 1. */
export interface MelFormat extends SoundFormat {
  readonly features: 'mel';
  readonly frames: number;
  readonly mels: number;
  /** A power of two; also the length of the (periodic) Hann window. */
  readonly fftSize: number;
  /** Samples from one frame to the next; `samples` = `frames` * `hop`. */
  readonly hop: number;
  readonly lowestHz: number;
  readonly highestHz: number;
  readonly melScale: MelScale;
  /** Decibels of the loudest value of the training part. */
  readonly topDb: number;
  /** From `topDb` down to 0; not below silence, so 0 where all of the training part is silent. */
  readonly rangeDb: number;
}

/** x: [samples], each divided by `scale`. */
export interface RawFormat extends SoundFormat {
  readonly features: 'raw';
  /** Root of the mean square of the training part. */
  readonly scale: number;
}

export type AudioFormat = MelFormat | RawFormat;

/**
 * `slaney`: linear below 1000 Hz, logarithmic above (Slaney: "Auditory Toolbox" (1998)), librosa's.
 * `htk`: 2595 log10(1 + f / 700) (O'Shaughnessy (1987); Young et al.: "The HTK Book").
 */
export type MelScale = 'slaney' | 'htk';

/** Shape of one example. */
export function audioShape(format: AudioFormat): readonly number[] {
  return format.features === 'mel' ? [format.frames, format.mels, 1] : [format.samples];
}
