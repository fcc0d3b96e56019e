/**
 * A dataset in memory: uint8 values and optional labels in one shared WebAssembly memory, so that
 * every worker reads the same bytes and the gather kernel runs straight on them.
 */
export interface DatasetInfo {
  /** Shape of one example: [height, width, channels] for images. */
  readonly shape: readonly number[];
  readonly count: number;
  /** Present where there are labels 0..classes-1. */
  readonly classes?: number;
  /** As the user named it, for messages. */
  readonly source: string;
}

/** Structured-cloneable; another thread opens the same bytes with it. */
export interface Dataset extends DatasetInfo {
  readonly memory: WebAssembly.Memory;
  /** Byte offset of the first example. Examples lie one after another, `prod(shape)` bytes each. */
  readonly valuesOffset: number;
  /** Byte offset of int32 labels; absent without labels. */
  readonly labelsOffset?: number;
  /** Byte offset and length of the memory that workers carve their batch buffers from. */
  readonly stagingOffset: number;
  readonly stagingBytes: number;
}
