/** Which values of an example are hidden: a mask from a file, or a box. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ConfigError, ExchangeError, RunError } from '../../errors.ts';
import { parseNpy } from '../../exchange/parseNpy.ts';
import { elementCount } from '../../run/namedTensor.ts';
import { unreadable } from '../unreadable.ts';

export type Box = readonly [top: number, left: number, height: number, width: number];

/** 1 where a value is hidden. [H * W * C] @throws ConfigError unless the box lies inside */
export function boxMask(box: Box, shape: readonly number[]): Uint8Array {
  const [h = 0, w = 0, c = 1] = shape;
  const [top, left, height, width] = box;
  const inside = height >= 1 && width >= 1 && top + height <= h && left + width <= w;
  if (!inside || top < 0 || left < 0) {
    throw new ConfigError({
      code: 'CONFIG_BOX',
      where: '--box',
      expected: `top,left,height,width of a box inside ${h} x ${w} pixels`,
      got: box.join(','),
      fix: 'Make it smaller, or move it.',
    });
  }
  return Uint8Array.from({ length: h * w * c }, (_, i) => {
    const [y, x] = [Math.floor(i / (w * c)), Math.floor(i / c) % w];
    return y >= top && y < top + height && x >= left && x < left + width ? 1 : 0;
  });
}

/**
 * A picture whose bright pixels (grey from 128) are hidden, what is transparent counting as black, or an NPY array
 * of H x W values of which those that are not 0 are. [H * W * C] @throws RunError
 */
export async function readMask(path: string, shape: readonly number[]): Promise<Uint8Array> {
  const [h = 0, w = 0, c = 1] = shape;
  const content = await readFile(path).catch((error: unknown) => {
    throw badMask(path, unreadable(error));
  });
  const isNpy = extname(path).toLowerCase() === '.npy';
  const { size, hidden } = isNpy ? npyMask(content, path) : await pictureMask(content, path);
  if (size[0] !== h || size[1] !== w) throw otherSize(path, [h, w], size);
  const mask = Uint8Array.from({ length: h * w * c }, (_, i) => hidden[Math.floor(i / c)] ?? 0);
  if (!mask.includes(1)) throw hidesNothing(path, isNpy);
  return mask;
}

interface ReadMask {
  /** Height, width and, of an array, whatever comes after. */
  readonly size: readonly number[];
  readonly hidden: Uint8Array;
}

async function pictureMask(content: Buffer, path: string): Promise<ReadMask> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(content)
      .flatten({ background: 'black' })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const hidden = Uint8Array.from({ length: info.width * info.height }, (_, i) =>
      (data[i * info.channels] ?? 0) >= 128 ? 1 : 0,
    );
    return { size: [info.height, info.width], hidden };
  } catch {
    throw badMask(path, 'a file that is no picture, or a broken one');
  }
}

function npyMask(content: Buffer, path: string): ReadMask {
  const { dtype, shape, values } = arrayOf(content, path);
  const size = shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape;
  const count = elementCount(shape);
  const bytes = /^\|?[bu]1$/.test(dtype) ? content.subarray(content.length - count) : undefined;
  const read = bytes ?? values?.();
  if (!read || size.length !== 2) {
    const got = `an array of shape [${shape.join(', ')}], type ${dtype}`;
    throw badMask(path, got);
  }
  return { size, hidden: Uint8Array.from(read, (value) => (value === 0 ? 0 : 1)) };
}

function arrayOf(content: Buffer, path: string): ReturnType<typeof parseNpy> {
  try {
    return parseNpy(content, path);
  } catch (error) {
    if (error instanceof ExchangeError) throw badMask(path, error.got);
    throw error;
  }
}

function otherSize(path: string, wanted: readonly number[], got: readonly number[]): RunError {
  return new RunError({
    code: 'RUN_MASK_SIZE',
    where: path,
    expected: `a mask of ${wanted.join(' x ')} pixels (height x width), as the examples have`,
    got: got.join(' x '),
    fix: 'Make the mask that size.',
  });
}

function hidesNothing(where: string, isNpy: boolean): RunError {
  return new RunError({
    code: 'RUN_BAD_MASK',
    where,
    expected: 'a mask that hides something',
    got: isNpy
      ? 'an array of zeros'
      : 'a picture without white pixels; what is transparent counts as black',
    fix: isNpy ? 'Give what is hidden another value.' : 'Paint what is hidden white.',
  });
}

function badMask(where: string, got: string): RunError {
  const expected =
    'a mask: a PNG or JPEG whose white pixels are hidden, or an NPY array [H, W] of bytes or floats';
  const fix = 'Name such a file, or hide a box: --box TOP,LEFT,HEIGHT,WIDTH.';
  return new RunError({ code: 'RUN_BAD_MASK', where, expected, got, fix });
}
