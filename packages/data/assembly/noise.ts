/**
 * Noise of a micro-batch: one row of `size` floats for each example, a function of (seed, purpose,
 * epoch, example, index) only. Value i of a row is word i % 4 of the Philox block at counter
 * (i >> 2, example, epoch, purpose). The same bits as core's `random/noise.ts`.
 *
 * Four examples are drawn at a time, one in each lane, then transposed into their rows. `indices`
 * (u32 each) is read up to the next multiple of four; only `count` rows are written. `scratch` is 64
 * bytes, one vector for each word of the four blocks.
 */
import { cosQuadrant, log, sinQuadrant } from './float32Math';
import { philox } from './philox';

/** `distribution` 0: U(0, 1), 0 and 1 excluded. 1: N(0, 1), by Box-Muller on words 0, 1 and 2, 3. */
export function noise(
  indices: usize,
  count: u32,
  size: u32,
  distribution: u32,
  epoch: u32,
  purpose: u32,
  key0: u32,
  key1: u32,
  scratch: usize,
  out: usize,
): void {
  const rowBytes = (<usize>size) << 2;
  for (let i: u32 = 0; i < count; i += 4, indices += 16, out += rowBytes << 2) {
    const rows = min<u32>(4, count - i);
    for (let block: u32 = 0; block << 2 < size; block++) {
      draw(block, v128.load(indices), epoch, purpose, key0, key1, scratch);
      if (distribution) {
        normalPair(scratch);
        normalPair(scratch + 32);
      } else {
        uniformPair(scratch);
        uniformPair(scratch + 32);
      }
      storeRows(scratch, out + ((<usize>block) << 4), rowBytes, rows, size - (block << 2));
    }
  }
}

function draw(
  block: u32,
  examples: v128,
  epoch: u32,
  purpose: u32,
  key0: u32,
  key1: u32,
  out: usize,
): void {
  const blocks = i32x4.splat(block);
  philox(blocks, examples, i32x4.splat(epoch), i32x4.splat(purpose), key0, key1, out);
}

/** ((w >>> 9) + 0.5) * 2^-23, all exact. */
function fromWords(words: v128): v128 {
  const integers = f32x4.convert_i32x4_u(i32x4.shr_u(words, 9));
  return f32x4.mul(f32x4.add(integers, f32x4.splat(0.5)), f32x4.splat(1.1920928955078125e-7));
}

/** Two vectors of words to two vectors of uniform values, in place. */
function uniformPair(at: usize): void {
  v128.store(at, fromWords(v128.load(at)));
  v128.store(at, fromWords(v128.load(at, 16)), 16);
}

/** Two vectors of words to two vectors of normal values, in place. */
function normalPair(at: usize): void {
  const logarithm = log(fromWords(v128.load(at)));
  const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logarithm));
  // cos and sin of u turns: the nearest quarter q, and the angle x in [-pi/4, pi/4] beyond it.
  const t = f32x4.mul(f32x4.splat(4), fromWords(v128.load(at, 16)));
  const nearest = f32x4.floor(f32x4.add(t, f32x4.splat(0.5)));
  const x = f32x4.mul(f32x4.sub(t, nearest), f32x4.splat(1.5707963267948966));
  const z = f32x4.mul(x, x);
  const s = sinQuadrant(x, z);
  const c = cosQuadrant(z);
  const q = i32x4.trunc_sat_f32x4_s(nearest);
  const one = i32x4.splat(1);
  const two = i32x4.splat(2);
  const swap = i32x4.eq(v128.and(q, one), one);
  // Bit 1 of q (of q + 1 for the cosine) becomes the sign bit.
  const cosineSign = i32x4.shl(v128.and(i32x4.add(q, one), two), 30);
  const sineSign = i32x4.shl(v128.and(q, two), 30);
  const cosine = v128.xor(v128.bitselect(s, c, swap), cosineSign);
  const sine = v128.xor(v128.bitselect(c, s, swap), sineSign);
  v128.store(at, f32x4.mul(radius, cosine));
  v128.store(at, f32x4.mul(radius, sine), 16);
}

/** Transposes four vectors and stores `rows` of the results, `rowBytes` apart. */
function storeRows(from: usize, out: usize, rowBytes: usize, rows: u32, length: u32): void {
  const a = v128.load(from); // value 0 of the four examples
  const b = v128.load(from, 16);
  const c = v128.load(from, 32);
  const d = v128.load(from, 48);
  const ab01 = v128.shuffle<u32>(a, b, 0, 4, 1, 5); // a0 b0 a1 b1
  const ab23 = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  storeRow(v128.shuffle<u64>(ab01, cd01, 0, 2), out, length);
  if (rows > 1) storeRow(v128.shuffle<u64>(ab01, cd01, 1, 3), out + rowBytes, length);
  if (rows > 2) storeRow(v128.shuffle<u64>(ab23, cd23, 0, 2), out + rowBytes * 2, length);
  if (rows > 3) storeRow(v128.shuffle<u64>(ab23, cd23, 1, 3), out + rowBytes * 3, length);
}

/** Stores the first `length` values, at most four. */
function storeRow(row: v128, out: usize, length: u32): void {
  if (length >= 4) {
    v128.store(out, row);
    return;
  }
  store<f32>(out, f32x4.extract_lane(row, 0));
  if (length > 1) store<f32>(out, f32x4.extract_lane(row, 1), 4);
  if (length > 2) store<f32>(out, f32x4.extract_lane(row, 2), 8);
}
