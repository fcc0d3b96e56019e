/** The WASM parser of rows, instantiated on a memory. Source in `assembly/csv`. */
import { readFileSync } from 'node:fs';

export interface ParserKernel {
  configure(width: number, capacity: number, delimiter: number, point: number, line: number): void;
  place(kinds: number, decimals: number, lines: number, columns: number): void;
  placeTables(tables: number, slots: number, pool: number, poolEnd: number): void;
  clear(): void;
  parse(from: number, end: number): number;
  keep(column: number, start: number, stop: number, code: number): void;
  readonly rows: WebAssembly.Global;
  readonly line: WebAssembly.Global;
  readonly status: WebAssembly.Global;
  readonly column: WebAssembly.Global;
}

export const parserStatus = { done: 0, openQuote: 1, ragged: 2, afterQuote: 3 } as const;

/** What a field is read as. A raw one is a text that the kernel is never told to keep, so each is handed out. */
export const parserKinds = { skip: 0, number: 1, text: 2, date: 3, raw: 2 } as const;

/** Called for a field that is not plain; its answer is the field's value. */
export type OddField = (column: number, start: number, stop: number, doubled: number) => number;

let compiled: WebAssembly.Module | undefined;

/** Compiles once a thread. */
export function instantiateParser(memory: WebAssembly.Memory, odd: OddField): ParserKernel {
  compiled ??= new WebAssembly.Module(
    readFileSync(new URL('../../../generated/csv.wasm', import.meta.url)),
  );
  const instance = new WebAssembly.Instance(compiled, { env: { memory }, odd: { odd } });
  return instance.exports as unknown as ParserKernel;
}
