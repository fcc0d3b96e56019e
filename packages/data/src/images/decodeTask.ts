/** What a decoding thread is asked to do, and what it answers. Structured-cloneable. */
import type { DataErrorDetails } from '../errors.ts';
import type { ImageReference } from './imageReference.ts';

/** An image whose bytes are read already. */
export interface NamedImage {
  /** For messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface DecodeTask {
  /** Paths, or images that lie in no file of their own. */
  readonly files: readonly (string | NamedImage)[];
  /** [height, width, channels] of every example in `target`. */
  readonly shape: readonly number[];
  readonly reference: ImageReference;
  /** Shared memory for exactly these files, one after another. */
  readonly target: Uint8Array;
}

/** The first error; undefined if all went well. Errors lose their class between threads. */
export type DecodeResult = DataErrorDetails | undefined;
