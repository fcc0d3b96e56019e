/** Reproducible numbers for tests: a hash of seed and index, evenly spread. */
import { elementCount } from '../buffers.ts';
import type { TensorFunction } from '../engine.ts';

/** In [-0.5, 0.5), multiples of 2^-24, exact in float32. */
export function spread(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    let hash = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
    hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
    return ((hash ^ (hash >>> 16)) >>> 8) / 2 ** 24 - 0.5;
  });
}

/** Inputs for a function: spread values, weights 1. */
export function inputsFor(fn: TensorFunction, seed = 0): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(fn.inputs).map(([name, { shape }], index) => [
      name,
      name === 'weight'
        ? new Float32Array(elementCount(shape)).fill(1)
        : spread(elementCount(shape), seed * 1000 + index),
    ]),
  );
}
