/**
 * Entry of a decoding thread: reads and decodes images straight into the dataset's shared memory.
 * sharp (libvips) is loaded here only, and only for images that need it.
 *
 * Pixels as they are in the file: no color profile is applied, EXIF orientation is not followed,
 * alpha is dropped, 16 bits become 8. Color conversion and resizing are ours (src/pixels), because
 * their results must not depend on the machine's vector instructions.
 */
import { readFileSync } from 'node:fs';
import { DataError, type DataErrorDetails } from '../errors.ts';
import { makeTransform, type Transform } from '../pixels/transform.ts';
import { elementCount } from '../shape.ts';
import { fileError } from '../sources/fileErrors.ts';
import type { DecodeResult, DecodeTask, NamedImage } from './decodeTask.ts';
import { brokenImage, brokenRow, unexpectedColor, wrongImageSize } from './imageErrors.ts';
import { parseImageHeader, type ImageHeader } from './imageHeader.ts';
import { decodePng, type DecodedImage } from './png.ts';

export async function decodeImages(task: DecodeTask): Promise<DecodeResult> {
  const size = elementCount(task.shape);
  const transforms = new Map<string, Transform | undefined>();
  try {
    for (const [i, file] of task.files.entries()) {
      const { pixels, shape } = await decode(file, task);
      const key = shape.join();
      if (!transforms.has(key)) transforms.set(key, makeTransform(shape, task.shape));
      const transform = transforms.get(key);
      const out = task.target.subarray(i * size, (i + 1) * size);
      if (transform) transform(pixels, out);
      else out.set(pixels);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { code, where, expected, got, fix } = error;
    return { code, where, expected, got, fix };
  }
}

async function decode(file: string | NamedImage, task: DecodeTask): Promise<DecodedImage> {
  const path = typeof file === 'string' ? file : file.path;
  const bytes = typeof file === 'string' ? readImage(file) : file.bytes;
  const broken = typeof file === 'string' ? brokenImage : brokenRow;
  const header = parseImageHeader(bytes);
  if (!header) {
    const reason = bytes.length === 0 ? 'nothing in it' : 'what is neither, or cut short';
    throw new DataError(broken(path, reason));
  }
  checkAgainstReference(path, header, task);
  return decodePng(bytes) ?? decodeWithSharp(bytes, (reason) => broken(path, reason));
}

/** Synchronously: this thread has nothing else to do, and the detour by libuv costs more. */
function readImage(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

async function decodeWithSharp(
  bytes: Uint8Array,
  broken: (reason: string) => DataErrorDetails,
): Promise<DecodedImage> {
  const { default: sharp } = await import('sharp');
  // One image at a time in each thread; the pool is the parallelism.
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    const { data, info } = await sharp(bytes, { failOn: 'warning', ignoreIcc: true })
      .toColorspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: data, shape: [info.height, info.width, info.channels] };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n')[0] : String(error);
    throw new DataError(broken(`a broken one (${reason ?? ''})`), { cause: error });
  }
}

function checkAgainstReference(path: string, header: ImageHeader, task: DecodeTask): void {
  const { reference } = task;
  const { size, greyOnly } = reference;
  const own = [header.height, header.width];
  if (size && (size[0] !== own[0] || size[1] !== own[1])) {
    throw new DataError(wrongImageSize(path, own, { ...reference, size }));
  }
  if (greyOnly && header.color) throw new DataError(unexpectedColor(path, reference));
}
