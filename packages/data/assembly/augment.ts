/**
 * Changes gathered images at random, in place: a flip from left to right with the chance 1/2, then moves by
 * whole pixels. What a move leaves free is black, or repeats the edge. One row of height * width * channels
 * floats for each example, a function of (seed, purpose, epoch, example) and the values only.
 *
 * Word 0 of the Philox block at counter (0, example, epoch, purpose) decides the flip (its highest bit).
 * Move k takes words 0 and 1 of block k + 1: down and to the right by (word * (2 * most + 1) >> 32) - most.
 */
import { philox } from './philox';

/** Flips each of the images with the chance 1/2. `scratch` is 64 bytes, as in `noise`. */
export function flip(
  indices: usize,
  count: u32,
  height: u32,
  width: u32,
  channels: u32,
  epoch: u32,
  purpose: u32,
  key0: u32,
  key1: u32,
  scratch: usize,
  values: usize,
): void {
  const rowBytes = (<usize>width * <usize>channels) << 2;
  const imageBytes = rowBytes * <usize>height;
  for (let i: u32 = 0; i < count; i += 4, indices += 16) {
    draw(0, v128.load(indices), epoch, purpose, key0, key1, scratch);
    const images = min<u32>(4, count - i);
    for (let lane: u32 = 0; lane < images; lane++, values += imageBytes) {
      if (load<u32>(scratch + ((<usize>lane) << 2)) >> 31) {
        for (let row: u32 = 0; row < height; row++) {
          flipRow(values + rowBytes * row, width, channels);
        }
      }
    }
  }
}

/**
 * Moves each of the images by up to `most` pixels along both axes, where `most` is less than either side.
 * `edge`: repeat the edge, else black. `move`: how many moves came before.
 */
export function shift(
  indices: usize,
  count: u32,
  height: u32,
  width: u32,
  channels: u32,
  move: u32,
  most: u32,
  edge: u32,
  epoch: u32,
  purpose: u32,
  key0: u32,
  key1: u32,
  scratch: usize,
  values: usize,
): void {
  const imageBytes = (<usize>height * <usize>width * <usize>channels) << 2;
  for (let i: u32 = 0; i < count; i += 4, indices += 16) {
    draw(move + 1, v128.load(indices), epoch, purpose, key0, key1, scratch);
    const images = min<u32>(4, count - i);
    for (let lane: u32 = 0; lane < images; lane++, values += imageBytes) {
      const at = scratch + ((<usize>lane) << 2);
      const down = offset(load<u32>(at), most);
      const right = offset(load<u32>(at, 16), most);
      if (down) moveRows(values, height, (<usize>width * <usize>channels) << 2, down, edge);
      if (right) {
        for (let row: u32 = 0; row < height; row++) {
          const start = values + ((<usize>width * <usize>channels) << 2) * <usize>row;
          moveRows(start, width, (<usize>channels) << 2, right, edge);
        }
      }
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

/** A whole number from -most to most. */
function offset(word: u32, most: u32): i32 {
  return <i32>((<u64>word * <u64>(2 * most + 1)) >> 32) - <i32>most;
}

function flipRow(row: usize, width: u32, channels: u32): void {
  const pixelBytes = (<usize>channels) << 2;
  let left = row;
  let right = row + <usize>(width - 1) * pixelBytes;
  while (left < right) {
    for (let k: usize = 0; k < pixelBytes; k += 4) {
      const value = load<f32>(left + k);
      store<f32>(left + k, load<f32>(right + k));
      store<f32>(right + k, value);
    }
    left += pixelBytes;
    right -= pixelBytes;
  }
}

/** `length` pieces of `bytes` each, one after another, by `by` places; the freed ones are filled. */
function moveRows(at: usize, length: u32, bytes: usize, by: i32, edge: u32): void {
  const free = <u32>abs(by);
  const kept = <usize>(length - free) * bytes;
  const gap = <usize>free * bytes;
  if (by > 0) {
    const edgePiece = at + gap; // where the first piece comes to lie
    memory.copy(edgePiece, at, kept);
    fill(at, free, bytes, edgePiece, edge);
  } else {
    memory.copy(at, at + gap, kept);
    fill(at + kept, free, bytes, at + kept - bytes, edge);
  }
}

function fill(at: usize, pieces: u32, bytes: usize, edgePiece: usize, edge: u32): void {
  if (!edge) {
    memory.fill(at, 0, <usize>pieces * bytes);
    return;
  }
  for (let i: u32 = 0; i < pieces; i++, at += bytes) memory.copy(at, edgePiece, bytes);
}
