/**
 * The same bytes as an ordinary ArrayBuffer. ORT refuses typed arrays on shared memory
 * (SharedArrayBuffer, WebAssembly.Memory), so shared views are seen again through their address.
 */
import { createRequire } from 'node:module';

interface Koffi {
  address(view: Float32Array): bigint;
  view(address: bigint, byteLength: number): ArrayBuffer;
}

let koffi: Koffi | undefined;

/**
 * A view of the same elements that is not shared. It does not keep the memory alive: the caller must
 * hold on to `view` for as long as the result is used.
 */
export function unsharedView(view: Float32Array): Float32Array<ArrayBuffer> {
  if (view.buffer instanceof ArrayBuffer) return view as Float32Array<ArrayBuffer>;
  if (view.length === 0) return new Float32Array(0);
  // A native library: loaded by those alone who share memory.
  koffi ??= createRequire(import.meta.url)('koffi') as Koffi;
  return new Float32Array(koffi.view(koffi.address(view), view.byteLength));
}
