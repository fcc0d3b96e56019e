/** Writers of small data files, and a temporary folder for each test that asks for one. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** An IDX file: `type` is the format's code, 0x08 for uint8. */
export function idx(dims: readonly number[], values: Uint8Array, type = 0x08): Buffer {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, type, dims.length]);
  dims.forEach((dim, i) => head.writeUInt32BE(dim, 4 + 4 * i));
  return Buffer.concat([head, values]);
}

export interface NpyOptions {
  readonly descr: string;
  readonly shape: readonly number[];
  readonly fortranOrder?: boolean;
  /** Version of the format: 1 has a two-byte header length, later ones four. */
  readonly version?: 1 | 2;
}

/** An NPY file as numpy.save writes it: header padded to a multiple of 64 bytes. */
export function npy(options: NpyOptions, values: Uint8Array): Buffer {
  const { descr, shape, fortranOrder = false, version = 1 } = options;
  const tuple = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const order = fortranOrder ? 'True' : 'False';
  const dict = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${tuple}), }`;
  const lengthBytes = version === 1 ? 2 : 4;
  const text = dict.padEnd(Math.ceil((dict.length + 9 + lengthBytes) / 64) * 64 - 9 - lengthBytes);
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntLE(text.length + 1, 0, lengthBytes);
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]),
    length,
    Buffer.from(`${text}\n`),
    values,
  ]);
}

export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Values that differ from place to place, as example data. */
export function pattern(length: number, start = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => ((i + start) * 37 + ((i + start) >> 3) * 11) % 256);
}

/** Writes a file, compressed where its name ends in .gz, and returns its path. */
export async function write(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  return path;
}

/** Encodes pixels of shape [height, width, channels]. */
export async function image(
  format: 'png' | 'jpeg',
  pixels: Uint8Array,
  shape: readonly [number, number, 1 | 3 | 4],
): Promise<Buffer> {
  const [height, width, channels] = shape;
  const pipeline = sharp(pixels, { raw: { height, width, channels } });
  const colored = channels === 1 ? pipeline.toColorspace('b-w') : pipeline;
  return format === 'png' ? colored.png().toBuffer() : colored.jpeg({ quality: 90 }).toBuffer();
}
