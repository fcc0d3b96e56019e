/**
 * Where a worker's batch buffers lie in its share of the staging area. Byte offsets from the start
 * of the share; each buffer starts on a 64-byte boundary, so that no two workers write one cache line.
 *
 *   | scratch | indices (u32) | numbers (u32, a multiple of four) | weight | batch/... | noise/... |
 */
import { align64 } from '../align.ts';
import { scratchBytes } from '../kernels/kernels.ts';
import { elementCount } from '../shape.ts';
import type { InputShapes } from './checkInputs.ts';

export interface NoiseShape {
  readonly shape: readonly number[];
  readonly distribution: 'normal' | 'uniform';
}

/** What decides the size of a worker's buffers. */
export interface StagingSpec {
  /** Examples in a micro-batch, at most. */
  readonly microBatch: number;
  /** What the model reads of each example. */
  readonly inputs: InputShapes;
  /** Noise of each example; the order of the keys is part of what is drawn. */
  readonly noise: Readonly<Record<string, NoiseShape>>;
}

export interface StagingLayout {
  readonly scratch: number;
  readonly indices: number;
  readonly numbers: number;
  /** `weight`, `batch/<input>`, `noise/<name>`: offset and length in floats. */
  readonly buffers: Readonly<Record<string, { readonly offset: number; readonly length: number }>>;
  readonly bytes: number;
}

export function layoutStaging(spec: StagingSpec): StagingLayout {
  const { microBatch, inputs, noise } = spec;
  let bytes = 0;
  const reserve = (length: number): number => {
    const offset = bytes;
    bytes += align64(length);
    return offset;
  };
  const scratch = reserve(scratchBytes);
  // Kernels read and write four at a time, from any row on.
  const rows = 4 * (Math.ceil(microBatch / 4) * 4 + 4);
  const indices = reserve(rows);
  const numbers = reserve(rows);
  const shapes: [name: string, shape: readonly number[]][] = [
    ['weight', []],
    ...Object.entries(inputs).map(entryNamed('batch')),
    ...Object.entries(noise).map(([name, { shape }]) => entryNamed('noise')([name, shape])),
  ];
  const buffers = Object.fromEntries(
    shapes.map(([name, shape]) => {
      const length = microBatch * elementCount(shape);
      return [name, { offset: reserve(length * 4), length }];
    }),
  );
  return { scratch, indices, numbers, buffers, bytes };
}

function entryNamed(
  kind: 'batch' | 'noise',
): (entry: [string, readonly number[]]) => [string, readonly number[]] {
  return ([name, shape]) => [`${kind}/${name}`, shape];
}

/** Bytes of one worker's share: reserve `workers` times as much when loading the data. */
export function stagingBytesPerWorker(spec: StagingSpec): number {
  return layoutStaging(spec).bytes;
}
