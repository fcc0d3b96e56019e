/** Changes the images of a gathered micro-batch at random (assembly/augment.ts). */
import { augmentPurpose, seedKey } from '../kernels/counter.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Augmentation } from './augmentation.ts';

export interface GatheredImages {
  readonly kernels: Kernels;
  /** Byte addresses. */
  readonly scratch: number;
  readonly indices: number;
  readonly values: number;
  /** [height, width, channels]. */
  readonly shape: readonly number[];
  readonly seed: number;
}

export function createAugmenter(
  { flip, shifts }: Augmentation,
  { kernels, scratch, indices, values, shape, seed }: GatheredImages,
): (epoch: number, count: number) => void {
  const [height = 0, width = 0, channels = 0] = shape;
  const [key0, key1] = seedKey(seed);
  const purpose = augmentPurpose;
  return (epoch, count) => {
    const random = [epoch, purpose, key0, key1, scratch, values] as const;
    if (flip) kernels.flip(indices, count, height, width, channels, ...random);
    for (const [move, { most, edge }] of shifts.entries()) {
      const by = [move, most, edge ? 1 : 0] as const;
      kernels.shift(indices, count, height, width, channels, ...by, ...random);
    }
  };
}
