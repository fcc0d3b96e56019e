/**
 * The items of each user in two: those that a model is shown, and those that it should then recommend.
 * Which items these are depends on the seed and the user's position alone: Philox at (seed, purpose `made
 * data`, stream 8, epoch 0, example: the user). Liang et al. (2018), section 4.1, hide a fifth.
 */
import { DataError } from '../errors.ts';
import { madeDataPurpose, seedKey } from '../kernels/counter.ts';
import { distributionCodes, instantiateKernels, scratchBytes } from '../kernels/kernels.ts';
import { rowCount, sparseRows, type SparseRows } from './sparseRows.ts';

const STREAM = 8;

export interface SplitItemsOptions {
  /** Of each user's items, rounded down, but one at least where she has two: in (0, 1). Default 0.2. */
  readonly share?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Which user the first row is: the same items then as where all users are split together. Default 0. */
  readonly first?: number;
}

export interface SplitItems {
  /** What a model is shown. */
  readonly foldIn: SparseRows;
  /** What it should recommend; none for a user with one item. */
  readonly heldOut: SparseRows;
}

/** Throws DATA_OPTION. */
export function splitItems(
  from: SparseRows,
  { share = 0.2, seed = 0, first = 0 }: SplitItemsOptions = {},
): SplitItems {
  if (!(share > 0 && share < 1)) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'ratings, share of items held out',
      expected: 'a share between 0 and 1',
      got: String(share),
      fix: 'Hold out a fifth, 0.2, for example.',
    });
  }
  const count = rowCount(from);
  const isHeldOut = new Uint8Array(from.places.length);
  const draw = uniformsOf(seed, longest(from));
  const rows = new Uint32Array(from.places.length);
  for (let row = 0; row < count; row++) {
    const [start, end] = [from.offsets[row] ?? 0, from.offsets[row + 1] ?? 0];
    rows.fill(row, start, end);
    const size = end - start;
    const held = size < 2 ? 0 : Math.max(1, Math.floor(size * share));
    const drawn = draw(first + row, size);
    const order = Uint32Array.from({ length: size }, (_, i) => i);
    order.sort((a, b) => (drawn[a] ?? 0) - (drawn[b] ?? 0) || a - b);
    for (const i of order.subarray(0, held)) isHeldOut[start + i] = 1;
  }
  const part = (wanted: number): SparseRows => {
    const chosen = (_: number, i: number): boolean => isHeldOut[i] === wanted;
    return sparseRows(count, {
      rows: rows.filter(chosen),
      places: from.places.filter(chosen),
      weights: from.weights.filter(chosen),
    });
  };
  return { foldIn: part(0), heldOut: part(1) };
}

function longest({ offsets }: SparseRows): number {
  let most = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    most = Math.max(most, (offsets[row + 1] ?? 0) - (offsets[row] ?? 0));
  }
  return most;
}

/** Values in (0, 1) of an example, valid until the next are drawn. */
function uniformsOf(seed: number, most: number): (example: number, size: number) => Float32Array {
  const [indices, out] = [scratchBytes, scratchBytes + 64];
  const pages = Math.ceil((out + 4 * most) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const kernels = instantiateKernels(memory);
  const [key0, key1] = seedKey(seed);
  const purpose = madeDataPurpose(STREAM);
  const index = new Uint32Array(memory.buffer, indices, 1);
  const values = new Float32Array(memory.buffer, out, most);
  return (example, size) => {
    index[0] = example;
    kernels.noise(indices, 1, size, distributionCodes.uniform, 0, purpose, key0, key1, 0, out);
    return values.subarray(0, size);
  };
}
