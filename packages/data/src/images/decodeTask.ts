/** What a decoding thread is asked to do, and what it answers. Structured-cloneable. */
import type { DataErrorDetails } from '../errors.ts';

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
  /**
   * Where nothing was said of size or color: the image that every other one must agree with, and
   * which of the two it decides.
   */
  readonly reference: {
    readonly path: string;
    readonly size: readonly [height: number, width: number] | undefined;
    readonly greyOnly: boolean;
  };
  /** Shared memory for exactly these files, one after another. */
  readonly target: Uint8Array;
}

/** The first error; undefined if all went well. Errors lose their class between threads. */
export type DecodeResult = DataErrorDetails | undefined;
