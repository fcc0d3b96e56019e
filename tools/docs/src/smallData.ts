/** Sets of data as the pages of docs/uses name them, but small, and made here; the digits are real. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { writeWav } from '@lockstep/data/audio';

const mnist = fileURLToPath(new URL('../../../packages/data/mnist/', import.meta.url));

/** What stands for the bundled digits: the first of them. */
export const DIGITS = 'data/digits';

export function makeSmallData(folder: string): void {
  const fileIn = (set: string) => {
    mkdirSync(join(folder, set), { recursive: true });
    return (name: string, bytes: Uint8Array | string) => {
      writeFileSync(join(folder, set, name), bytes);
    };
  };
  makeDigits(fileIn(DIGITS));
  makePictures(fileIn('data/cifar-10'));
  makeRecordings(fileIn('data/fsdd/recordings'));
  makeLines(fileIn('data/tinyshakespeare'));
}

type Write = (name: string, bytes: Uint8Array | string) => void;

function makeDigits(write: Write): void {
  for (const [part, count] of [
    ['train', 400],
    ['t10k', 100],
  ] as const) {
    for (const [name, header, size] of [
      ['images-idx3', 16, 784],
      ['labels-idx1', 8, 1],
    ] as const) {
      const bytes = gunzipSync(readFileSync(`${mnist}${part}-${name}-ubyte.gz`));
      bytes.writeUInt32BE(count, 4);
      write(`${part}-${name}-ubyte`, bytes.subarray(0, header + count * size));
    }
  }
}

/** Records of CIFAR-10: a label, and 3 x 32 x 32 values. */
function makePictures(write: Write): void {
  for (const [name, count] of [
    ['data_batch_1.bin', 64],
    ['test_batch.bin', 16],
  ] as const) {
    const bytes = Buffer.alloc(count * 3073);
    for (let i = 0; i < bytes.length; i++) {
      bytes[i] = i % 3073 === 0 ? Math.floor(i / 3073) % 10 : Math.imul(i + 1, 2654435761) >>> 24;
    }
    write(name, bytes);
  }
}

/** Each digit is a tone of its own. */
function makeRecordings(write: Write): void {
  const rate = 8000;
  for (let digit = 0; digit < 10; digit++) {
    for (let index = 3; index < 8; index++) {
      const turn = ((digit + 3) * 200 + index) / rate;
      const samples = Float32Array.from(
        { length: 2000 },
        (_, t) => 4 * ((t * turn) % 1) * 0.2 - 0.4,
      );
      write(`${digit}_nobody_${index}.wav`, writeWav(samples, rate));
    }
  }
}

function makeLines(write: Write): void {
  const words = 'now is the winter of our discontent made glorious summer by this sun'.split(' ');
  const line = (i: number): string =>
    Array.from({ length: 3 + (i % 3) }, (_, j) => words[(i * (j + 1) + j) % words.length]).join(
      ' ',
    );
  write('input.txt', `${Array.from({ length: 500 }, (_, i) => line(i)).join('\n')}\n`);
}
