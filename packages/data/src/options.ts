/** How to read a source. Checked before any file is opened. */
import { checkBinarize, type Binarize } from './binarize.ts';
import { DataError } from './errors.ts';

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
  /** Make values black or white. Default `none`. */
  readonly binarize?: Binarize;
  /**
   * Labels of the training part to keep, as many of each class; the others become -1, as if nobody knew
   * them. Default: all.
   */
  readonly labels?: number;
  /** How the kind is read: those of `TextOptions`, and so on. */
  readonly read?: ReadSettings;
}

/** Settings of a kind of data by name; which there are, its opener knows. */
export type ReadSettings = Readonly<Record<string, number | string | boolean>>;

export const defaultHoldOut = 0.1;

const maxSide = 16384;

/** Throws DATA_OPTION. */
export function checkOptions(options: DataOptions): void {
  const { resize, color, holdOut, test, binarize, labels } = options;
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
  if (holdOut !== undefined && !(holdOut > 0 && holdOut < 1)) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'holdOut',
      expected: 'a share between 0 and 1',
      got: String(holdOut),
      fix: 'Hold out a part of the examples, for example 0.1.',
    });
  }
  if (holdOut !== undefined && test !== undefined) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'holdOut',
      expected: 'no hold-out, since the test data is given',
      got: `holdOut ${holdOut} with test ${test}`,
      fix: 'Leave one of the two options out.',
    });
  }
}

function isSide(side: number): boolean {
  return Number.isInteger(side) && side >= 1 && side <= maxSide;
}
