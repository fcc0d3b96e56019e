/**
 * TensorFlow's tensors on memory that the caller owns. It takes memory as it is only on a 64-byte boundary,
 * which the arena keeps; what lies elsewhere is copied to such a place before each run.
 */
import { loadKoffi } from './koffi.ts';
import type { TensorflowLibrary } from './library.ts';
import { loadLibc } from './libc.ts';

const alignment = 64n;
const float32 = 1;

export interface InputTensor {
  readonly tensor: bigint;
  /** Brings the caller's values where TensorFlow reads them; nothing to do for aligned memory. */
  readonly refresh?: () => void;
  readonly free: () => void;
}

/** `view` must be held on to for as long as the tensor is used. */
export function inputTensor(
  library: TensorflowLibrary,
  view: Float32Array,
  shape: readonly number[],
): InputTensor {
  // Small arrays move about in JavaScript's heap, until somebody has asked for their buffer.
  void view.buffer;
  const address = view.length === 0 ? 0n : loadKoffi().address(view);
  const isAligned = view.length > 0 && address % alignment === 0n;
  return isAligned
    ? aliasTensor(library, address, view.byteLength, shape)
    : copyTensor(library, address, view.byteLength, shape);
}

function aliasTensor(
  library: TensorflowLibrary,
  address: bigint,
  bytes: number,
  shape: readonly number[],
): InputTensor {
  const { api, doNothing } = library;
  const dims = BigInt64Array.from(shape, BigInt);
  const tensor = api.TF_NewTensor(float32, dims, dims.length, address, bytes, doNothing, null);
  if (tensor === null) throw new Error('TensorFlow made no tensor');
  return { tensor, free: () => api.TF_DeleteTensor(tensor) };
}

function copyTensor(
  library: TensorflowLibrary,
  address: bigint,
  bytes: number,
  shape: readonly number[],
): InputTensor {
  const { calloc, free, memmove } = loadLibc();
  const memory = calloc(1, bytes + Number(alignment));
  const place = ((memory + alignment - 1n) / alignment) * alignment;
  const { tensor, free: freeTensor } = aliasTensor(library, place, bytes, shape);
  return {
    tensor,
    refresh: () => void memmove(place, address, bytes),
    free() {
      freeTensor();
      free(memory);
    },
  };
}
