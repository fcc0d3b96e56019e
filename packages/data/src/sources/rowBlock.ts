/** Rows that are made one at a time, handed on several at once. */
import type { ExampleSource } from './exampleSource.ts';

export interface RowBlock {
  /** `write` fills the next row, all of it. */
  add(write: (row: Uint8Array) => void): void;
  /** Hands on what was added since. */
  flush(): Promise<void>;
}

type Take = Parameters<NonNullable<ExampleSource['scan']>>[0];

/** @param size bytes of a row */
export function rowBlock(size: number, take: Take): RowBlock {
  let rows = new Uint8Array(size);
  let length = 0;
  let first = 0;
  return {
    add(write) {
      if (length === rows.length) {
        const larger = new Uint8Array(2 * rows.length);
        larger.set(rows);
        rows = larger;
      }
      write(rows.subarray(length, length + size));
      length += size;
    },
    async flush() {
      if (length === 0) return;
      const from = first;
      const block = rows.subarray(0, length);
      first += length / size;
      length = 0;
      await take(block, from);
    },
  };
}
