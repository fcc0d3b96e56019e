/** Files of made-up examples, as large as wanted, the same each time: tables and ratings as CSV, images as NPY. */
import { closeSync, openSync, writeSync } from 'node:fs';

/** Columns of the table: nine numbers made of three hidden ones, three of categories. */
export const TABLE_COLUMNS = 12;
const IMAGE_SHAPE = [28, 28, 1];

const WORDS = ['red', 'green', 'blue', 'grey', 'none'];

/** Numbers in [0, 1): a linear congruential generator, good enough to look at. */
function uniforms() {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * @param {string} path
 * @param {number} rows
 */
export function writeTableFile(path, rows) {
  const next = uniforms();
  const file = openSync(path, 'w');
  let text = `${Array.from({ length: TABLE_COLUMNS }, (_, i) => `c${String(i)}`).join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    const hidden = [next() + next(), next() + next(), next() + next()];
    const [a = 0, b = 0, c = 0] = hidden;
    for (let column = 0; column < 9; column++) {
      const value = 10 * a * (column % 3) + b * column + c * (9 - column) + next();
      text += `${value.toFixed(3)},`;
    }
    text += `${WORDS[Math.floor(2.5 * a)] ?? ''},${b > 1 ? 'yes' : 'no'},${WORDS[Math.floor(2 * c)] ?? ''}\n`;
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

/**
 * Rectangles, an image each, with a little noise.
 * @param {string} path
 * @param {number} images
 */
export function writeImageFile(path, images) {
  const next = uniforms();
  const [height = 0, width = 0] = IMAGE_SHAPE;
  const shape = [images, ...IMAGE_SHAPE].join(', ');
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const file = openSync(path, 'w');
  const prefix = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, padded.length, 0]);
  writeSync(file, Buffer.concat([prefix, Buffer.from(padded)]));
  const most = 4096;
  for (let first = 0; first < images; first += most) {
    const count = Math.min(most, images - first);
    const pixels = Buffer.alloc(count * height * width);
    for (let image = 0; image < count; image++) {
      const [top, left] = [Math.floor(20 * next()), Math.floor(20 * next())];
      const [bottom, right] = [top + 3 + Math.floor(5 * next()), left + 3 + Math.floor(5 * next())];
      const tone = 128 + Math.floor(127 * next());
      for (let y = top; y < bottom; y++) {
        const at = (image * height + y) * width;
        pixels.fill(tone, at + left, at + right);
      }
    }
    writeSync(file, pixels);
  }
  closeSync(file);
}

const ITEMS = 1000;
const TASTES = 8;
/** Ratings of a user: from 10 to 60, this many on average. */
export const RATINGS_PER_USER = 27;

/**
 * Users of eight tastes, whose ratings lie as far apart in the file as can be.
 * @param {string} path
 * @param {number} users
 */
export function writeRatingsFile(path, users) {
  const next = uniforms();
  const counts = Uint8Array.from({ length: users }, () => 10 + Math.floor(51 * next() ** 2));
  const file = openSync(path, 'w');
  let text = 'user,item\n';
  for (let turn = 0; turn < 60; turn++) {
    for (let user = 0; user < users; user++) {
      if (turn >= (counts[user] ?? 0)) continue;
      const own = Math.floor((ITEMS / TASTES) * next() ** 2) * TASTES + (user % TASTES);
      const item = next() < 0.7 ? own : Math.floor(ITEMS * next() ** 2);
      text += `u${String(user)},i${String(item)}\n`;
      if (text.length > 1 << 20) {
        writeSync(file, text);
        text = '';
      }
    }
  }
  writeSync(file, text);
  closeSync(file);
}
