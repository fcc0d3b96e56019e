/** Standard normal noise of latent space, drawn here rather than by the model. */
import { fillNoise } from '@lockstep/core';

export interface LatentNoise {
  readonly count: number;
  /** Dimensions of a latent. */
  readonly size: number;
  readonly seed: number;
}

/** z from N(0, I); of an example the same in any company. [count, size] */
export function normalLatents({ count, size, seed }: LatentNoise): Float32Array {
  const z = new Float32Array(count * size);
  for (let example = 0; example < count; example++) {
    const at = { seed, kind: 'sampling', stream: 0, epoch: 0, example } as const;
    fillNoise(z.subarray(example * size, (example + 1) * size), 'normal', at);
  }
  return z;
}
