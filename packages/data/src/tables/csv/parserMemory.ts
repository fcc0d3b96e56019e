/**
 * The memory of one parser of rows (assembly/csv): what it needs to know of each column, the columns it
 * fills, the texts it met, and the bytes it reads.
 */
export interface Layout {
  readonly kinds: number;
  readonly decimals: number;
  readonly tables: number;
  readonly lines: number;
  readonly columns: number;
  readonly pool: number;
  readonly poolEnd: number;
  /** Where bytes to parse begin; they may grow to the end of the memory. */
  readonly bytes: number;
  /** Address of each column's table; 0 where it has none. */
  readonly tableOf: readonly number[];
}

/** In each table; a text that finds none free costs a call into JavaScript each time it comes. */
export const slotsPerTable = 4096;
const slotBytes = 32;
/** Bytes of texts that are kept for comparison, for each column of texts. */
const poolBytesPerTable = 1 << 16;
/** The kernel reads so far past what it parses. */
const margin = 64;
/** The module's own constants lie below. */
const reserved = 1024;
const pageBytes = 65536;

export interface LayoutOptions {
  readonly width: number;
  readonly capacity: number;
  readonly hasTable: readonly boolean[];
}

export function layOut({ width, capacity, hasTable }: LayoutOptions): Layout {
  let next = reserved;
  const take = (bytes: number): number => {
    const at = next;
    next = Math.ceil((next + bytes) / 64) * 64;
    return at;
  };
  const kinds = take(width);
  const decimals = take(width);
  const tables = take(4 * width);
  const lines = take(4 * capacity);
  const columns = take(8 * capacity * width);
  const tableOf = hasTable.map((has) => (has ? take(slotsPerTable * slotBytes) : 0));
  const poolBytes = hasTable.filter(Boolean).length * poolBytesPerTable;
  const pool = take(poolBytes);
  return {
    kinds,
    decimals,
    tables,
    lines,
    columns,
    pool,
    poolEnd: pool + poolBytes,
    bytes: take(0),
    tableOf,
  };
}

/** A memory that holds the layout and `bytes` to parse. */
export function allocate(layout: Layout, bytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({
    initial: Math.ceil((layout.bytes + bytes + margin) / pageBytes),
  });
}

/** Makes room for so many bytes to parse. Views of the memory are void afterwards. */
export function makeRoom(memory: WebAssembly.Memory, layout: Layout, bytes: number): void {
  const missing = layout.bytes + bytes + margin - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}
