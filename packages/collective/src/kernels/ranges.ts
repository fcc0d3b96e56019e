/**
 * What a kernel works on: ranges of the arena, by byte offsets that are multiples of 64 and lengths
 * in floats that are multiples of 16, and not 0.
 */
const OFFSET_MULTIPLE = 64;
const LENGTH_MULTIPLE = 16;

/** The same range of every gradient slot. */
export interface SlotRange {
  /** Byte offset of the range in the first slot. */
  readonly slots: number;
  /** Bytes from one slot to the next. */
  readonly slotStride: number;
  readonly slotCount: number;
  /** Floats in the range. */
  readonly length: number;
}

export interface ReduceRange extends SlotRange {
  /** Byte offset of the result; outside of the slots, or exactly the first one's range. */
  readonly out: number;
}

/** The same range of every buffer that an optimizer reads and writes. */
export interface UpdateRange extends SlotRange {
  readonly parametersIn: number;
  /** Not `parametersIn`: on the way it holds the sum of several slots. */
  readonly parametersOut: number;
  readonly momentsIn: readonly number[];
  readonly momentsOut: readonly number[];
}

/** Guards an invariant: with another length a kernel would write past its range. */
export function assertAligned(length: number, offsets: readonly number[]): void {
  if (!(length > 0 && length % LENGTH_MULTIPLE === 0)) throw new Error(`length ${length}`);
  for (const offset of offsets) {
    if (!(offset >= 0 && offset % OFFSET_MULTIPLE === 0)) throw new Error(`offset ${offset}`);
  }
}

export function assertSlots({ slots, slotStride, slotCount, length }: SlotRange): void {
  assertAligned(length, [slots, slotStride]);
  if (!(Number.isInteger(slotCount) && slotCount >= 1)) throw new Error(`${slotCount} slots`);
}

/** @returns the moments' offsets, each in and then out */
export function assertUpdate(range: UpdateRange, moments: number): number[] {
  const { momentsIn, momentsOut } = range;
  assertSlots(range);
  if (momentsIn.length !== moments || momentsOut.length !== moments) {
    throw new Error(`${momentsIn.length} and ${momentsOut.length} moments instead of ${moments}`);
  }
  if (range.parametersIn === range.parametersOut) throw new Error('update in place');
  assertAligned(range.length, [range.parametersIn, range.parametersOut]);
  assertAligned(range.length, momentsIn);
  assertAligned(range.length, momentsOut);
  return momentsIn.flatMap((offset, index) => [offset, momentsOut[index] ?? 0]);
}
