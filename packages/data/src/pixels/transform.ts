/** What is done to each image between its file and the dataset: color and size. */
import { DataError } from '../errors.ts';
import type { DataOptions } from '../options.ts';
import { formatShape } from '../shape.ts';
import { channelsOf, greyToRgb, rgbToGrey } from './color.ts';
import { makeResizer } from './resize.ts';

export interface TransformOptions extends Pick<DataOptions, 'resize' | 'color'> {
  /** A model was trained on such images, and decides how they are read: for messages. */
  readonly isTrained?: boolean;
}

/** The shape after the transform. Throws DATA_OPTION where it does not apply to such examples. */
export function transformedShape(
  where: string,
  shape: readonly number[],
  options: TransformOptions,
): readonly number[] {
  const { resize, color } = options;
  if (!resize && !color) return shape;
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 3) {
    throw new DataError({
      code: 'DATA_OPTION',
      where,
      expected: 'images, since a size or a color mode is asked for',
      got: `vectors of shape ${formatShape(shape)}`,
      fix: options.isTrained
        ? 'Name images: the model was trained on such.'
        : 'Leave out --resize and --color.',
    });
  }
  if (color && channels !== 1 && channels !== 3) {
    throw new DataError({
      code: 'DATA_OPTION',
      where,
      expected: `images of 1 or 3 channels to make ${color}`,
      got: `${channels} channels`,
      fix: 'Leave out --color.',
    });
  }
  return [...(resize ?? [height, width]), color ? channelsOf(color) : channels];
}

/** Writes one transformed image. The source is borrowed, and may be overwritten after the call. */
export type Transform = (image: Uint8Array, target: Uint8Array) => void;

/** Undefined where there is nothing to do. Shapes as `transformedShape` gives them. */
export function makeTransform(
  from: readonly number[],
  to: readonly number[],
): Transform | undefined {
  if (from.length !== 3 || from.every((dim, i) => dim === to[i])) return undefined;
  const [height = 0, width = 0, channels = 0] = from;
  const [newHeight = 0, newWidth = 0, newChannels = 0] = to;
  // On as few channels as possible: resizing treats each on its own.
  const fewer = Math.min(channels, newChannels);
  const resize = makeResizer([height, width], [newHeight, newWidth], fewer);
  if (newChannels > channels) {
    const recolor = makeRecolor(channels, newChannels, newHeight * newWidth);
    return (image, target) => target.set(recolor(resize(image)));
  }
  const recolor = makeRecolor(channels, newChannels, height * width);
  return (image, target) => target.set(resize(recolor(image)));
}

function makeRecolor(
  channels: number,
  newChannels: number,
  pixels: number,
): (image: Uint8Array) => Uint8Array {
  if (channels === newChannels) return (image) => image;
  const buffer = new Uint8Array(pixels * newChannels);
  const convert = newChannels === 1 ? rgbToGrey : greyToRgb;
  return (image) => {
    convert(image, buffer);
    return buffer;
  };
}
