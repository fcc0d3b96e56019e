/** Small IDX files, as tests need them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Unsigned bytes of that shape, different in every example. */
export function idxBytes(...shape: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt8(0x08, 2);
  header.writeUInt8(shape.length, 3);
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Buffer.alloc(size);
  for (let i = 0; i < size; i++) data[i] = Math.imul(i + 7, 2654435761) >>> 24;
  return Buffer.concat([header, data]);
}

/** A folder with MNIST's file names; labels are 0 to 9 in turn. */
export function writeMnistLike(
  folder: string,
  { train = 50, test = 20, side = 28 }: { train?: number; test?: number; side?: number } = {},
): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, count] of [
    ['train', train],
    ['t10k', test],
  ] as const) {
    const labels = idxBytes(count);
    for (let i = 0; i < count; i++) labels[8 + i] = i % 10;
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), idxBytes(count, side, side));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), labels);
  }
  return folder;
}
