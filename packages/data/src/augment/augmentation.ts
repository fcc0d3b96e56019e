/**
 * How training images are changed at random, in each epoch anew: `flip,shift:2,crop:4`.
 *
 *   flip       from left to right, every other time
 *   shift:N    by up to N pixels along both axes; what is left free is black
 *   crop:N     padded with N black pixels all around, then cut to its size anywhere. That is a shift, too,
 *              under the name other tools have for it: Krizhevsky, "Convolutional Deep Belief Networks on
 *              CIFAR-10" (2010), and most that was trained on that data since.
 *   :edge      behind either: what is left free repeats the edge (shift:2:edge)
 *
 * They are done in the order flip, shift, crop.
 */
import type { DataFormat } from '../format.ts';
import { DataError } from '../errors.ts';
import { formatShape } from '../shape.ts';

export interface ShiftBy {
  /** Pixels, along both axes, to either side. */
  readonly most: number;
  /** Fill what becomes free with the edge, not with black. */
  readonly edge: boolean;
}

export interface Augmentation {
  readonly flip: boolean;
  readonly shifts: readonly ShiftBy[];
}

export const augmentationSyntax =
  'flip, shift:N, crop:N, the latter two perhaps with :edge, once each, and commas between';

export function isAugmentation(text: string): boolean {
  return typeof parsed(text) !== 'string';
}

/** Throws DATA_OPTION. */
export function parseAugmentation(text: string): Augmentation {
  const augmentation = parsed(text);
  if (typeof augmentation === 'string') throw unknown(text, augmentation);
  return augmentation;
}

/** Or the part that cannot be meant. */
function parsed(text: string): Augmentation | string {
  const found = new Map<string, ShiftBy | undefined>();
  for (const part of text.split(',')) {
    const [, name = '', most, fill] =
      /^\s*(flip|shift|crop)(?::(\d+)(?::(edge))?)?\s*$/.exec(part) ?? [];
    if (name === '' || (name === 'flip') !== (most === undefined)) return part;
    if (found.has(name)) return `${name} twice`;
    if (most !== undefined && Number(most) < 1) return part;
    found.set(name, most === undefined ? undefined : { most: Number(most), edge: fill === 'edge' });
  }
  const shifts = [found.get('shift'), found.get('crop')].filter((each) => each !== undefined);
  return { flip: found.has('flip'), shifts };
}

/** Throws DATA_OPTION where such examples cannot be changed so. */
export function checkAugmentation(
  { shifts }: Augmentation,
  where: string,
  { shape, format }: { readonly shape: readonly number[]; readonly format: DataFormat },
): void {
  const [height = 0, width = 0] = shape;
  const furthest = Math.max(0, ...shifts.map(({ most }) => most));
  const isImage = format.kind === 'image' && shape.length === 3;
  if (isImage && furthest < Math.min(height, width)) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where,
    expected: isImage
      ? `images larger than the ${furthest} pixels that they are to be moved by`
      : 'images, since they are to be moved or flipped (--augment)',
    got: `examples of shape ${formatShape(shape)}`,
    fix: isImage ? 'Move them by less.' : 'Leave out --augment.',
  });
}

function unknown(text: string, part: string): DataError {
  return new DataError({
    code: 'DATA_OPTION',
    where: 'augment',
    expected: augmentationSyntax,
    got:
      part === text ? JSON.stringify(text) : `${JSON.stringify(part)} in ${JSON.stringify(text)}`,
    fix: 'Write --augment flip,crop:4, for example.',
  });
}
