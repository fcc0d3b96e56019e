/**
 * Examples as they are drawn: images as they are, spectrograms upright, time to the right and low frequencies
 * below. Every picture of examples is drawn by this, and what a user points at in one is found by it.
 */
import type { DataFormat } from '@lockstep/data';
import type { Images } from './imageGrid.ts';

type Kind = DataFormat['kind'];

/** As drawn: [H, W, C] of an image, [mels, frames, 1] of a spectrogram [frames, mels, 1]. */
export function drawnShape(kind: Kind, shape: readonly number[]): readonly number[] {
  if (!isTurned(kind, shape)) return shape;
  const [frames = 1, mels = 1] = shape;
  return [mels, frames, 1];
}

/** Where each value of an example is drawn. [size] */
export function drawnPlaces(kind: Kind, shape: readonly number[]): Uint32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (!isTurned(kind, shape)) return Uint32Array.from({ length: size }, (_, i) => i);
  const [frames = 1, mels = 1] = shape;
  return Uint32Array.from({ length: size }, (_, i) => {
    const [frame, mel] = [Math.floor(i / mels), i % mels];
    return (mels - 1 - mel) * frames + frame;
  });
}

/** [N, ...shape] -> [N, ...drawnShape] */
export function drawnImages(kind: Kind, { data, shape }: Images): Images {
  const [count = 0, ...example] = shape;
  if (!isTurned(kind, example)) return { data, shape };
  const places = drawnPlaces(kind, example);
  const size = places.length;
  const drawn = new Float32Array(count * size);
  for (let i = 0; i < drawn.length; i++) {
    drawn[i - (i % size) + (places[i % size] ?? 0)] = data[i] ?? 0;
  }
  return { data: drawn, shape: [count, ...drawnShape(kind, example)] };
}

/** Sound as samples has no picture. */
function isTurned(kind: Kind, shape: readonly number[]): boolean {
  return kind === 'audio' && shape.length === 3;
}
