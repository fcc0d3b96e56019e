/** The shuffle of an epoch (assembly/shuffle.ts) outside of training: for splits and the like. */
import { seedKey, shuffleHalfBits, shufflePurpose } from '../kernels/counter.ts';
import { instantiateKernels, scratchBytes } from '../kernels/kernels.ts';

export interface ShuffleOptions {
  readonly count: number;
  /** How many of them to tell. */
  readonly length: number;
  readonly seed: number;
  readonly epoch: number;
}

/** The examples at the first `length` positions. */
export function shuffled({ count, length, seed, epoch }: ShuffleOptions): Uint32Array {
  const pages = Math.ceil((scratchBytes + 4 * (length + 3)) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const [key0, key1] = seedKey(seed);
  const half = shuffleHalfBits(count);
  const kernels = instantiateKernels(memory);
  kernels.shuffle(0, length, count, half, epoch, shufflePurpose, key0, key1, 0, scratchBytes);
  return new Uint32Array(memory.buffer, scratchBytes, length).slice();
}
