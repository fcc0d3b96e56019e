/** Sets of data as the pages of docs/uses name them, but small, and made here; the digits are real. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { writeWav } from '@lockstep/data/audio';

const mnist = fileURLToPath(new URL('../../../packages/data/mnist/', import.meta.url));

/** What stands for the bundled digits: the first of them. */
export const DIGITS = 'data/digits';

export async function makeSmallData(folder: string): Promise<void> {
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
  makeRatings(fileIn('.'));
  makeConnections(folder, fileIn('data/nsl-kdd'));
  await makePictureFiles(folder);
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

/** Each user likes every item whose number leaves the same rest as hers. */
function makeRatings(write: Write): void {
  const ratingsOf = (user: string, number: number): string[] =>
    Array.from({ length: 18 }, (_, i) => (number * 5 + i * (1 + (number % 3))) % 40).map(
      (item) => `${user},film ${item},${item % 4 === number % 4 ? 5 : 3 + (item % 3)}`,
    );
  const file = (users: readonly string[], first: number): string =>
    `user,item,rating\n${users.flatMap((user, i) => ratingsOf(user, first + i)).join('\n')}\n`;
  const users = ['ann', ...Array.from({ length: 79 }, (_, i) => `user ${i}`)];
  write('ratings.csv', file(users, 0));
  write('new-users.csv', file(['bea', 'carl'], 4));
}

/** Of NSL-KDD's features those that are names; two are constant, the others numbers. */
const NAMED: Readonly<Record<number, readonly [string, string]>> = {
  1: ['tcp', 'udp'],
  2: ['http', 'dns'],
  3: ['SF', 'S0'],
  ...Object.fromEntries([6, 8, 11, 13, 17, 21].map((place) => [place, ['0', '1']])),
};
const CONSTANT = [19, 20];

/** Connections as NSL-KDD has them: 41 features, the attack, and how hard that is to tell. */
function makeConnections(folder: string, write: Write): void {
  const row = (i: number, attack: string): string[] => {
    const features = Array.from({ length: 41 }, (_, j) => {
      const u = Math.imul(i * 41 + j + 1, 2654435761) >>> 24;
      if (CONSTANT.includes(j)) return '0';
      const names = NAMED[j];
      return names ? (names[u % 2] ?? '') : String(attack === 'normal' ? u % 50 : 200 + (u % 50));
    });
    return [...features, attack, '21'];
  };
  const file = (count: number, attacks: readonly string[]): string[][] =>
    Array.from({ length: count }, (_, i) =>
      row(i, i % 3 === 0 ? (attacks[i % attacks.length] ?? '') : 'normal'),
    );
  const textOf = (rows: readonly string[][]): string => `${rows.join('\n')}\n`;
  write('KDDTrain+_20Percent.csv', textOf(file(900, ['neptune', 'smurf'])));
  write('KDDTest+.csv', textOf(file(120, ['neptune', 'mscan'])));
  const holed = file(30, ['neptune']).map((cells, i) => cells.with(i % 8, ''));
  writeFileSync(join(folder, 'incomplete.csv'), textOf(holed));
}

/** A digit, others in a folder, scans of some with noise, and a mask of a digit's size. */
async function makePictureFiles(folder: string): Promise<void> {
  const bytes = gunzipSync(readFileSync(`${mnist}t10k-images-idx3-ubyte.gz`));
  const raw = { width: 28, height: 28, channels: 1 } as const;
  const write = (name: string, pixels: Uint8Array): Promise<unknown> =>
    sharp(pixels, { raw }).toColourspace('b-w').png().toFile(join(folder, name));
  const digit = (number: number): Buffer => bytes.subarray(16 + 784 * number, 800 + 784 * number);
  await write('digit.png', digit(0));
  await write(
    'mask.png',
    Uint8Array.from({ length: 784 }, (_, i) => (i % 28 < 14 ? 255 : 0)),
  );
  for (const name of ['scanned', 'more-images']) mkdirSync(join(folder, name), { recursive: true });
  for (let number = 0; number < 12; number++) {
    const noisy = digit(number).map((value, i) => (i % 7 === 0 ? 255 - value : value));
    await write(`scanned/${number}.png`, noisy);
    await write(`more-images/${number}.png`, digit(number));
  }
}
