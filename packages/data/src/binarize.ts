/**
 * Grey values made black or white: at a threshold, or at random, where a value is its chance of white.
 * Larochelle, Murray: "The Neural Autoregressive Distribution Estimator" (2011) draw once; Burda,
 * Grosse, Salakhutdinov: "Importance Weighted Autoencoders" (2015), section 5, anew each epoch.
 */
import { DataError } from './errors.ts';

/**
 * `static`: drawn once, the same in every epoch. `dynamic`: anew in each epoch of training, and in
 * evaluation what `static` would be. A number in [0, 1): white is what lies above it.
 */
export type Binarize = 'none' | 'static' | 'dynamic' | number;

/** How a dataset's values are to be read. */
export interface Binarization {
  readonly how: Exclude<Binarize, 'none'>;
  /** Of the random numbers: 0 for training data, 1 for test data, 2 for validation data. */
  readonly stream: number;
}

/** Throws DATA_OPTION. */
export function checkBinarize(binarize: Binarize | undefined): void {
  const holds =
    binarize === undefined ||
    (typeof binarize === 'number'
      ? binarize >= 0 && binarize < 1
      : ['none', 'static', 'dynamic'].includes(binarize));
  if (holds) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where: 'binarize',
    expected: '"none", "static", "dynamic" or a threshold from 0 to below 1',
    got: JSON.stringify(binarize),
    fix: 'Choose one of them, or leave the option out.',
  });
}

const streams = { train: 0, test: 1, validation: 2 } as const;

export function binarizationOf(
  binarize: Binarize | undefined,
  part: keyof typeof streams,
): Binarization | undefined {
  if (binarize === undefined || binarize === 'none') return undefined;
  return { how: binarize, stream: streams[part] };
}
