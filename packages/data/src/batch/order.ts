/**
 * Which examples a micro-batch has, and where in memory they lie: all in one place, or, where the data
 * is streamed, in one or two of the windows that are in memory.
 */
import type { Dataset } from '../dataset.ts';
import { DataError, type DataErrorDetails } from '../errors.ts';
import { seedKey, shuffleHalfBits, shufflePurpose, windowPurpose } from '../kernels/counter.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { WindowControl } from '../streaming/windowControl.ts';
import { rowsOfWindow } from '../streaming/windowPlan.ts';
import { placesOf, type Windows } from '../streaming/windows.ts';

/** Examples of a batch that lie in one place. */
export interface Segment {
  /** The first one's row in the batch. */
  readonly row: number;
  readonly count: number;
  /** Bytes from the dataset's offsets to theirs. */
  readonly base: number;
  /** Examples that lie there. */
  readonly rows: number;
}

export interface OrderOptions {
  readonly dataset: Dataset;
  readonly kernels: Kernels;
  /** Most examples of a batch. */
  readonly microBatch: number;
  readonly seed: number;
  readonly order: 'shuffled' | 'sequential';
  /**
   * Byte addresses: scratch, indices within a place, and the examples' numbers. Where the data is in
   * memory these are the same.
   */
  readonly scratch: number;
  readonly indices: number;
  readonly numbers: number;
}

interface Position {
  readonly epoch: number;
  readonly start: number;
  readonly count: number;
}

/**
 * Writes the indices and the numbers of a batch's examples and, when those of a segment stand there, from
 * its row on, calls `gather`, which keeps nothing of it.
 */
export type Order = (position: Position, gather: (segment: Segment) => void) => void;

export function createOrder(options: OrderOptions): Order {
  const { windows } = options.dataset;
  return windows ? windowedOrder(options, windows) : residentOrder(options);
}

function residentOrder(options: OrderOptions): Order {
  const { dataset, kernels, microBatch, seed, order, scratch, indices } = options;
  const written = new Uint32Array(dataset.memory.buffer, indices, microBatch);
  const [key0, key1] = seedKey(seed);
  const n = dataset.count;
  const half = shuffleHalfBits(n);
  const segment = { row: 0, count: 0, base: 0, rows: n };
  return ({ epoch, start, count }, gather) => {
    if (order === 'sequential') for (let i = 0; i < count; i++) written[i] = start + i;
    else
      kernels.shuffle(start, count, n, half, epoch, shufflePurpose, key0, key1, scratch, indices);
    segment.count = count;
    gather(segment);
  };
}

function windowedOrder(options: OrderOptions, windows: Windows): Order {
  const { dataset, kernels, microBatch, order, seed, scratch, indices, numbers } = options;
  const { plan, placeBytes } = windows;
  const isOther = order !== windows.order || (order === 'shuffled' && seed !== windows.seed);
  if (isOther) {
    throw new Error(`data that is streamed ${windows.order}, seed ${windows.seed}, not ${order}`);
  }
  const { buffer } = dataset.memory;
  const control = new WindowControl(dataset.memory, windows.controlOffset);
  const written = new Uint32Array(buffer, indices, microBatch);
  const shown = new Uint32Array(buffer, numbers, microBatch);
  const places = placesOf(dataset, windows);
  const [key0, key1] = seedKey(seed);
  const segment = { row: 0, count: 0, base: 0, rows: 0 };
  return ({ epoch, start, count }, gather) => {
    for (let row = 0; row < count; row += segment.count) {
      const index = Math.floor((start + row) / plan.windowRows);
      const first = start + row - index * plan.windowRows;
      const rows = rowsOfWindow(plan, index);
      const length = Math.min(count - row, rows - first);
      const window = order === 'shuffled' ? epoch * plan.windows + index : index;
      // In order, the epoch after begins with window 0 again, whenever that may be.
      const follows = order === 'shuffled' || index + 1 < plan.windows;
      const place = control.acquire(window, follows, asError);
      if (order === 'sequential') for (let i = 0; i < length; i++) written[row + i] = first + i;
      else {
        const half = shuffleHalfBits(rows);
        const at = indices + 4 * row;
        kernels.shuffle(first, length, rows, half, window, windowPurpose, key0, key1, scratch, at);
      }
      const known = places[place]?.numbers;
      for (let i = row; known && i < row + length; i++) shown[i] = known[written[i] ?? 0] ?? 0;
      segment.row = row;
      segment.count = length;
      segment.base = place * placeBytes;
      segment.rows = rows;
      gather(segment);
    }
  };
}

function asError(details: DataErrorDetails): DataError {
  return new DataError(details);
}
