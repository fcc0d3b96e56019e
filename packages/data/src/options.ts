/** How to read a source. Checked before any file is opened. */
import { checkBinarize, type Binarize } from './binarize.ts';
import { parseAugmentation } from './augment/augmentation.ts';
import { DataError } from './errors.ts';
import { isSplit, type Split } from './splits/makeSplit.ts';

/** `grey`: one channel. `rgb`: three. */
export type ColorMode = 'grey' | 'rgb';

export interface DataOptions {
  /** Height and width to resize every image to; the aspect ratio is not kept. */
  readonly resize?: readonly [height: number, width: number];
  /** Default: as the data has it; a folder of images is `rgb` if its first image has color. */
  readonly color?: ColorMode;
  /** A second source that is the test part. Default: the source's own, or a hold-out. */
  readonly test?: string;
  /**
   * Share of the examples that makes the test part where the source has none, 0 < holdOut < 1.
   * Default: 0.1.
   */
  readonly holdOut?: number;
  /** A source that is the validation part. Default: the source's own, or a hold-out, or none. */
  readonly validation?: string;
  /** Share of the examples that makes the validation part, besides the test part. Default: there is none. */
  readonly validationHoldOut?: number;
  /**
   * How parts are held out: at random, so that each class has its share of each (`stratified`), or
   * with all examples that agree in a column in one part (`group:NAME`). Default: `random`.
   */
  readonly split?: Split;
  /** Of what is held out; it is not the run's. Default 0: all runs hold out the same examples. */
  readonly splitSeed?: number;
  /** Change training images at random: `flip,shift:2,crop:4` (augment/augmentation.ts). */
  readonly augment?: string;
  /** Make values black or white. Default `none`. */
  readonly binarize?: Binarize;
  /**
   * Labels of the training part to keep, as many of each class; the others become -1, as if nobody knew
   * them. Default: all.
   */
  readonly labels?: number;
  /**
   * Share of the training examples that have a label, above the data's own and below 1: those with one are
   * taken several times in each epoch. Default: each example once.
   */
  readonly labelledShare?: number;
  /** Train, and validate, on examples of these classes alone: names, or numbers as text. Default: all. */
  readonly onlyLabels?: readonly string[];
  /**
   * Bytes that examples may take in memory. What is larger is streamed, in windows: half of it for the
   * part that is trained on, a quarter for each other one. Default: no limit.
   */
  readonly memoryLimit?: number;
  /** How the kind is read: those of `TextOptions`, and so on. */
  readonly read?: ReadSettings;
}

/** Settings of a kind of data by name; which there are, its opener knows. */
export type ReadSettings = Readonly<Record<string, number | string | boolean>>;

export const defaultHoldOut = 0.1;

const maxSide = 16384;

/** Throws DATA_OPTION. */
export function checkOptions(options: DataOptions): void {
  const { resize, color, binarize, labels } = options;
  checkBinarize(binarize);
  if (labels !== undefined && !(Number.isSafeInteger(labels) && labels >= 1)) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'labels',
      expected: 'a whole number of labels to keep, at least one of each class',
      got: String(labels),
      fix: 'Write --labels 100, for example.',
    });
  }
  if (resize !== undefined && !(resize.length === 2 && resize.every(isSide))) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'resize',
      expected: `a height and a width, integers from 1 to ${maxSide}`,
      got: JSON.stringify(resize),
      fix: 'Write --resize HEIGHTxWIDTH, for example 28x28.',
    });
  }
  if (color !== undefined && color !== 'grey' && color !== 'rgb') {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'color',
      expected: '"grey" or "rgb"',
      got: JSON.stringify(color),
      fix: 'Choose one of them, or leave the option out.',
    });
  }
  if (options.augment !== undefined) parseAugmentation(options.augment);
  checkParts(options);
}

function checkParts(options: DataOptions): void {
  const { test, validation, holdOut, validationHoldOut, split, splitSeed } = options;
  checkShare(
    'labelledShare',
    options.labelledShare,
    'Ask for some of the examples, for example 0.1.',
  );
  checkShare('holdOut', holdOut);
  checkShare('validationHoldOut', validationHoldOut);
  if ((holdOut ?? 0) + (validationHoldOut ?? 0) >= 1) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'validationHoldOut',
      expected: 'shares that leave something to train on',
      got: `${holdOut ?? 0} to test on and ${validationHoldOut ?? 0} to validate on`,
      fix: 'Hold out less.',
    });
  }
  if (holdOut !== undefined && test !== undefined) throw both('holdOut', 'test', holdOut, test);
  if (validationHoldOut !== undefined && validation !== undefined) {
    throw both('validationHoldOut', 'validation', validationHoldOut, validation);
  }
  if (split !== undefined && !isSplit(split)) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'split',
      expected: 'random, stratified or group:COLUMN',
      got: JSON.stringify(split),
      fix: 'Choose one of them, or leave the option out.',
    });
  }
  if (splitSeed !== undefined && !(Number.isSafeInteger(splitSeed) && splitSeed >= 0)) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'splitSeed',
      expected: 'a whole number from 0 to 2^53 - 1',
      got: String(splitSeed),
      fix: 'Write --split-seed 1, for example.',
    });
  }
}

function checkShare(
  where: string,
  share: number | undefined,
  fix = 'Hold out a part of the examples, for example 0.1.',
): void {
  if (share === undefined || (share > 0 && share < 1)) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where,
    expected: 'a share between 0 and 1',
    got: String(share),
    fix,
  });
}

function both(share: string, part: string, value: number, path: string): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: share,
    expected: `no hold-out, since the ${part} data is given`,
    got: `${share} ${value} with ${part} ${path}`,
    fix: 'Leave one of the two options out.',
  });
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= maxSide;
}
