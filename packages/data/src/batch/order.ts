/**
 * Which examples a micro-batch has, and where in memory they lie: all in one place, or, where the data
 * is streamed, in one or two of the windows that are in memory.
 */
import type { Dataset } from '../dataset.ts';
import { DataError } from '../errors.ts';
import { seedKey, shuffleHalfBits, shufflePurpose, windowPurpose } from '../kernels/counter.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { WindowControl } from '../streaming/windowControl.ts';
import { rowsOfWindow } from '../streaming/windowPlan.ts';
import { slotViews, type Windows } from '../streaming/windows.ts';

/** Examples of a batch that lie in one place. */
export interface Segment {
  /** The first one's row in the batch. */
  readonly row: number;
  readonly count: number;
  /** Bytes from the dataset's offsets to theirs. */
  readonly base: number;
}

export interface OrderOptions {
  readonly dataset: Dataset;
  readonly kernels: Kernels;
  readonly seed: number;
  readonly order: 'shuffled' | 'sequential';
  /** Byte addresses: scratch, indices within a place, and the examples' numbers. */
  readonly scratch: number;
  readonly indices: number;
  readonly numbers: number;
}

interface Position {
  readonly epoch: number;
  readonly start: number;
  readonly count: number;
}

/** Writes the indices and the numbers of a batch's examples, of each segment from its row on. */
export type Order = (position: Position) => readonly Segment[];

export function createOrder(options: OrderOptions): Order {
  const { windows } = options.dataset;
  return windows ? windowedOrder(options, windows) : residentOrder(options);
}

function residentOrder({ dataset, kernels, seed, order, scratch, indices, numbers }: OrderOptions) {
  const { buffer } = dataset.memory;
  const [key0, key1] = seedKey(seed);
  const n = dataset.count;
  const half = shuffleHalfBits(n);
  return ({ epoch, start, count }: Position): readonly Segment[] => {
    const written = new Uint32Array(buffer, indices, count);
    if (order === 'sequential') for (let i = 0; i < count; i++) written[i] = start + i;
    else
      kernels.shuffle(start, count, n, half, epoch, shufflePurpose, key0, key1, scratch, indices);
    new Uint32Array(buffer, numbers, count).set(written);
    return [{ row: 0, count, base: 0 }];
  };
}

function windowedOrder(options: OrderOptions, windows: Windows): Order {
  const { dataset, kernels, order, seed, scratch, indices, numbers } = options;
  const { plan, placeBytes } = windows;
  const isOther = order !== windows.order || (order === 'shuffled' && seed !== windows.seed);
  if (isOther) {
    throw new Error(`data that is streamed ${windows.order}, seed ${windows.seed}, not ${order}`);
  }
  const { buffer } = dataset.memory;
  const control = new WindowControl(dataset.memory, windows.controlOffset);
  const [key0, key1] = seedKey(seed);
  return ({ epoch, start, count }) => {
    const segments: Segment[] = [];
    for (let row = 0; row < count;) {
      const index = Math.floor((start + row) / plan.windowRows);
      const first = start + row - index * plan.windowRows;
      const rows = rowsOfWindow(plan, index);
      const length = Math.min(count - row, rows - first);
      const window = order === 'shuffled' ? epoch * plan.windows + index : index;
      // In order, the epoch after begins with window 0 again, whenever that may be.
      const follows = order === 'shuffled' || index + 1 < plan.windows;
      const place = control.acquire(window, follows, (details) => new DataError(details));
      const at = indices + 4 * row;
      const written = new Uint32Array(buffer, at, length);
      if (order === 'sequential') for (let i = 0; i < length; i++) written[i] = first + i;
      else {
        const half = shuffleHalfBits(rows);
        kernels.shuffle(first, length, rows, half, window, windowPurpose, key0, key1, scratch, at);
      }
      const known = slotViews(dataset, windows, window).numbers;
      const of = new Uint32Array(buffer, numbers + 4 * row, length);
      for (let i = 0; i < length; i++) of[i] = known[written[i] ?? 0] ?? 0;
      segments.push({ row, count: length, base: place * placeBytes });
      row += length;
    }
    return segments;
  };
}
