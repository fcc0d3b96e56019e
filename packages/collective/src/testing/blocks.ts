/** A small arena for tests: equal blocks of floats, one after another, and the kernels bound to it. */
import { instantiateKernels, type Kernels } from '../kernels/kernels.ts';

const PAGE_BYTES = 65536;

export interface Blocks {
  readonly kernels: Kernels;
  /** Byte offset of a block. */
  readonly at: (block: number) => number;
  readonly view: (block: number) => Float32Array;
}

/** `floats` is a multiple of 16. All zero at first. */
export function createBlocks(floats: number, count: number): Blocks {
  const pages = Math.ceil((floats * 4 * count) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const at = (block: number): number => block * floats * 4;
  return {
    kernels: instantiateKernels(memory),
    at,
    view: (block) => new Float32Array(memory.buffer, at(block), floats),
  };
}

/** Floats of all signs and many magnitudes, the same for the same seed. */
export function someFloats(seed: number, length: number): Float32Array {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Float32Array.from({ length }, () => (next() - 0.5) * 2 ** Math.floor(next() * 16 - 8));
}

/** The bits, so that -0 and 0 differ and NaN equals itself. */
export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.slice().buffer);
}
