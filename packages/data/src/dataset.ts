/**
 * A dataset in memory: values and optional labels in one shared WebAssembly memory, so that every
 * worker reads the same bytes and the gather kernels run straight on them.
 *
 *   0        labelsOffset      stagingOffset
 *   | values | labels (int32)  | staging: each worker's batch buffers | unused |
 *
 * Each part starts on a 64-byte boundary. Values and labels are written once, by the loader, before
 * any other thread sees the memory.
 */
import { totalmem } from 'node:os';
import type { Augmentation } from './augment/augmentation.ts';
import type { Binarization } from './binarize.ts';
import { DataError } from './errors.ts';
import type { DataFormat } from './format.ts';
import { align64 } from './align.ts';
import { formatShape } from './shape.ts';
import { layoutWindows, type Windows } from './streaming/windows.ts';
import { storedBytes, type StoredShape } from './valueType.ts';

export interface DatasetInfo extends StoredShape {
  /** What the values mean. */
  readonly format: DataFormat;
  /** Present where there are labels 0..classes-1. The same for both parts of a source. */
  readonly classes?: number;
  /** Labels that are known, where the others were hidden (-1). */
  readonly knownLabels?: number;
  /** As the user named it, for messages. */
  readonly source: string;
}

/** Structured-cloneable; another thread opens the same bytes with it. */
export interface Dataset extends DatasetInfo {
  readonly memory: WebAssembly.Memory;
  /** Byte offset of the values: see `ValueType`. */
  readonly valuesOffset: number;
  /** Byte offset of int32 labels; absent without labels. */
  readonly labelsOffset?: number;
  /** Byte offset and length of the memory that workers carve their batch buffers from. */
  readonly stagingOffset: number;
  readonly stagingBytes: number;
  /** Of data that is streamed: what is in memory is three windows of it. */
  readonly windows?: Windows;
  /** Of data that is streamed: the first examples, for pictures. */
  readonly head?: Dataset;
  /** Absent: values are read as they are. */
  readonly binarization?: Binarization;
  /** Of training data: how its images are changed in each epoch. */
  readonly augmentation?: Augmentation;
}

const pageBytes = 65536;
const maxPages = 65536;

export interface AllocateOptions {
  /** Reserves room for one int32 an example. */
  readonly hasLabels: boolean;
  readonly stagingBytes: number;
}

/** Memory for a dataset, all zero. */
export function allocateDataset(info: DatasetInfo, options: AllocateOptions): Dataset {
  const valuesBytes = align64(storedBytes(info));
  const labelsBytes = options.hasLabels ? align64(info.count * 4) : 0;
  const stagingOffset = valuesBytes + labelsBytes;
  const memory = allocateShared(stagingOffset + options.stagingBytes, info);
  return {
    ...info,
    memory,
    valuesOffset: 0,
    ...(options.hasLabels ? { labelsOffset: valuesBytes } : {}),
    stagingOffset,
    stagingBytes: options.stagingBytes,
  };
}

/** Memory for three windows of a dataset, all zero. */
export function allocateWindows(
  info: DatasetInfo,
  { plan, order, seed }: Pick<Windows, 'plan' | 'order' | 'seed'>,
  { hasLabels, stagingBytes }: AllocateOptions,
): Dataset {
  const { stagingOffset, labelsOffset, ...layout } = layoutWindows(info, plan);
  return {
    ...info,
    memory: allocateShared(stagingOffset + stagingBytes, info),
    valuesOffset: 0,
    ...(hasLabels && { labelsOffset }),
    stagingOffset,
    stagingBytes,
    windows: { plan, order, seed, ...layout },
  };
}

function allocateShared(bytes: number, info: DatasetInfo): WebAssembly.Memory {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes));
  // The kernel hands out pages on first touch, so asking for more than the machine has succeeds and
  // kills the process later. Refuse it here.
  const machine = process.constrainedMemory() || Infinity;
  if (pages > maxPages || bytes > Math.min(machine, totalmem())) throw outOfMemory(bytes, info);
  try {
    // Initial = maximum: the memory never moves, and every thread's views stay valid.
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw outOfMemory(bytes, info, error);
  }
}

function outOfMemory(bytes: number, info: DatasetInfo, cause?: unknown): DataError {
  const asked = `${bytes} bytes (${(bytes / 2 ** 20).toFixed(1)} MiB)`;
  return new DataError(
    {
      code: 'DATA_OUT_OF_MEMORY',
      where: info.source,
      expected: `to hold ${info.count} examples of shape ${formatShape(info.shape)} in memory (${asked}; the limit is 4 GiB)`,
      got: 'a refusal: there is not that much',
      fix: 'Resize the images (--resize), train on fewer of them, or use a machine with more memory.',
    },
    { cause },
  );
}

/** The values of all examples as they are stored: see `ValueType`. */
export function datasetValues(dataset: Dataset): Uint8Array {
  return new Uint8Array(dataset.memory.buffer, dataset.valuesOffset, storedBytes(dataset));
}

/** One label an example; undefined where the data has none. */
export function datasetLabels(dataset: Dataset): Int32Array | undefined {
  if (dataset.labelsOffset === undefined) return undefined;
  return new Int32Array(dataset.memory.buffer, dataset.labelsOffset, dataset.count);
}
