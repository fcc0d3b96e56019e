/** koffi, which calls C functions, loaded by those alone who need it: it is a native library itself. */
import { createRequire } from 'node:module';

/** An address, or memory that JavaScript owns and that C borrows for the time of a call. */
export type Pointer = bigint | ArrayBufferView | null;

export interface NativeLibrary {
  func(name: string, result: string, parameters: readonly string[]): unknown;
  symbol(name: string): bigint;
}

export interface Koffi {
  load(path: string | null, options?: { readonly global?: boolean }): NativeLibrary;
  address(view: ArrayBufferView): bigint;
  view(address: bigint, byteLength: number): ArrayBuffer;
  config(options: { readonly sync_stack_size: number }): unknown;
}

/** XLA's compiler wants more than koffi's two MiB; where koffi is in use already, these must do. */
const stackBytes = 16 * 2 ** 20;

let loaded: Koffi | undefined;

export function loadKoffi(): Koffi {
  if (loaded) return loaded;
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  try {
    koffi.config({ sync_stack_size: stackBytes });
  } catch {
    // Too late to change it.
  }
  loaded = koffi;
  return koffi;
}
