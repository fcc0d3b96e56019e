/** What a decoding thread is asked to do, and what it answers. Structured-cloneable. */
import type { DataErrorDetails } from '../errors.ts';
import type { AudioFormat, MelFormat, RawFormat } from './audioFormat.ts';
import type { AudioExample } from './recordingExamples.ts';

export interface EncodeTask {
  readonly examples: readonly AudioExample[];
  readonly format: AudioFormat;
  /** Shared memory for exactly these examples, float32, one after another. */
  readonly target: Uint8Array;
}

export interface MeasureTask {
  readonly examples: readonly AudioExample[];
  readonly format: Omit<MelFormat, 'topDb'> | Omit<RawFormat, 'scale'>;
}

/** What scaling is fitted to. */
export interface Loudness {
  /** Decibels of the loudest value of the spectrograms; -Infinity of raw samples. */
  readonly topDb: number;
  readonly squares: number;
  readonly count: number;
}

/** Errors lose their class between threads. */
export type TaskResult<T> = { readonly value: T } | { readonly failure: DataErrorDetails };
