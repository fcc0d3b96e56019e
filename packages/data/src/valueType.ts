/**
 * How the values of examples are stored, and what they are in `x`.
 *
 *   uint8    v / 255: pixels
 *   uint16   v: numbers of tokens
 *   float32  v: anything that is a number already, NaN where it is missing
 *   sparse   mostly zeros, one after another in memory
 *              offsets (u32, count + 1)  of each example's entries, and of the end
 *              places  (u32, entries)    where in the example an entry stands
 *              weights (f32, entries)    its value
 */
import { elementCount } from './shape.ts';

export type ValueType = 'uint8' | 'uint16' | 'float32' | 'sparse';

const BYTES = { uint8: 1, uint16: 2, float32: 4 } as const;

/** What decides how much memory values take. */
export interface StoredShape {
  /** Of one example. */
  readonly shape: readonly number[];
  readonly count: number;
  readonly valueType: ValueType;
  /** Of sparse values: those that are stored. */
  readonly entries?: number;
}

/** Bytes of all values. */
export function storedBytes({ shape, count, valueType, entries = 0 }: StoredShape): number {
  if (valueType === 'sparse') return 4 * (count + 1) + 8 * entries;
  return count * elementCount(shape) * BYTES[valueType];
}

export interface SparseValues {
  readonly offsets: Uint32Array;
  readonly places: Uint32Array;
  readonly weights: Float32Array;
}

/** Views of sparse values that begin at `start`, a multiple of four. */
export function sparseViews(
  buffer: ArrayBufferLike,
  start: number,
  { count, entries = 0 }: Pick<StoredShape, 'count' | 'entries'>,
): SparseValues {
  const places = start + 4 * (count + 1);
  return {
    offsets: new Uint32Array(buffer, start, count + 1),
    places: new Uint32Array(buffer, places, entries),
    weights: new Float32Array(buffer, places + 4 * entries, entries),
  };
}
