/** The WASM kernels, instantiated on a dataset's memory. Sources in `assembly/`. */
import { readFileSync } from 'node:fs';

/** Byte addresses and u32 throughout; what each does is documented in `assembly/`. */
export interface Kernels {
  gather(values: number, indices: number, count: number, size: number, out: number): void;
  gatherCodes(values: number, indices: number, count: number, size: number, out: number): void;
  gatherFloats(values: number, indices: number, count: number, size: number, out: number): void;
  gatherSparse(
    offsets: number,
    places: number,
    weights: number,
    indices: number,
    count: number,
    size: number,
    out: number,
  ): void;
  gatherLabels(labels: number, indices: number, count: number, out: number): void;
  shuffle(
    start: number,
    count: number,
    n: number,
    half: number,
    epoch: number,
    purpose: number,
    key0: number,
    key1: number,
    scratch: number,
    out: number,
  ): void;
  /** `distribution`: of `distributionCodes`. */
  noise(
    indices: number,
    count: number,
    size: number,
    distribution: number,
    epoch: number,
    purpose: number,
    key0: number,
    key1: number,
    scratch: number,
    out: number,
  ): void;
  binarize(
    indices: number,
    count: number,
    size: number,
    epoch: number,
    purpose: number,
    key0: number,
    key1: number,
    scratch: number,
    values: number,
  ): void;
  flip(
    indices: number,
    count: number,
    height: number,
    width: number,
    channels: number,
    epoch: number,
    purpose: number,
    key0: number,
    key1: number,
    scratch: number,
    values: number,
  ): void;
  shift(
    indices: number,
    count: number,
    height: number,
    width: number,
    channels: number,
    move: number,
    most: number,
    edge: number,
    epoch: number,
    purpose: number,
    key0: number,
    key1: number,
    scratch: number,
    values: number,
  ): void;
  threshold(values: number, length: number, limit: number): void;
  philoxBlock(
    c0: number,
    c1: number,
    c2: number,
    c3: number,
    key0: number,
    key1: number,
    out: number,
  ): void;
}

export const distributionCodes = { uniform: 0, normal: 1 } as const;

/** `scratch` bytes that shuffle, noise, binarize, flip and shift need: four words of four Philox blocks. */
export const scratchBytes = 64;

let compiled: WebAssembly.Module | undefined;

/** Compiles once a thread. Instantiating writes nothing to the memory. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(
    readFileSync(new URL('../../generated/kernels.wasm', import.meta.url)),
  );
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
