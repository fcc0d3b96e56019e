/**
 * A dataset of which three windows are in memory at a time: how they lie there.
 *
 *   | place 0: values | labels | numbers of the examples | place 1 | place 2 | control | staging |
 */
import { align64 } from '../align.ts';
import { storedBytes, type StoredShape } from '../valueType.ts';
import { CONTROL_BYTES } from './windowControl.ts';
import { WINDOWS_IN_MEMORY, type WindowPlan } from './windowPlan.ts';

/** Plain data, for other threads. */
export interface Windows {
  readonly plan: WindowPlan;
  /** Sequential windows are numbered 0 ... windows - 1 in every epoch, shuffled ones go on. */
  readonly order: 'shuffled' | 'sequential';
  readonly seed: number;
  /** Bytes from one place to the next; the first begins where the dataset's values do. */
  readonly placeBytes: number;
  /** Byte offset, within a place, of the numbers of its examples (u32). */
  readonly numbersOffset: number;
  readonly controlOffset: number;
}

export interface WindowLayout extends Pick<
  Windows,
  'placeBytes' | 'numbersOffset' | 'controlOffset'
> {
  readonly labelsOffset: number;
  readonly stagingOffset: number;
}

export function layoutWindows(
  info: Pick<StoredShape, 'shape' | 'valueType'>,
  plan: WindowPlan,
): WindowLayout {
  const { windowRows } = plan;
  const labelsOffset = align64(valuesBytes(info, plan));
  const numbersOffset = labelsOffset + align64(4 * windowRows);
  const placeBytes = numbersOffset + align64(4 * windowRows);
  const controlOffset = WINDOWS_IN_MEMORY * placeBytes;
  const stagingOffset = controlOffset + align64(CONTROL_BYTES);
  return { placeBytes, numbersOffset, labelsOffset, controlOffset, stagingOffset };
}

/** Of the values of a window. */
function valuesBytes(
  { shape, valueType }: Pick<StoredShape, 'shape' | 'valueType'>,
  { windowRows, windowEntries = 0 }: WindowPlan,
): number {
  return storedBytes({ shape, valueType, count: windowRows, entries: windowEntries });
}

/** Of a dataset. */
interface Placed extends Pick<StoredShape, 'shape' | 'valueType'> {
  readonly memory: WebAssembly.Memory;
  readonly labelsOffset?: number;
}

/** Views of what lies in a place. */
export interface Place {
  readonly values: Uint8Array;
  /** Empty where the data has none. */
  readonly labels: Int32Array;
  readonly numbers: Uint32Array;
}

/** Window n lies in place n modulo their number. */
export function placesOf(
  { memory: { buffer }, labelsOffset, shape, valueType }: Placed,
  { plan, placeBytes, numbersOffset }: Windows,
): readonly Place[] {
  const { windowRows } = plan;
  const bytes = valuesBytes({ shape, valueType }, plan);
  const labels = labelsOffset === undefined ? 0 : windowRows;
  return Array.from({ length: WINDOWS_IN_MEMORY }, (_, place) => {
    const base = place * placeBytes;
    return {
      values: new Uint8Array(buffer, base, bytes),
      labels: new Int32Array(buffer, base + (labelsOffset ?? 0), labels),
      numbers: new Uint32Array(buffer, base + numbersOffset, windowRows),
    };
  });
}
