/** Buffers as the arena has them: parts of one shared WebAssembly memory, each on a 64-byte boundary. */
import { elementCount } from '../buffers.ts';
import type { TensorSpecs } from '../engine.ts';

export function sharedBuffers(specs: TensorSpecs): Record<string, Float32Array> {
  const entries = Object.entries(specs).map(
    ([name, { shape }]) => [name, elementCount(shape)] as const,
  );
  const stride = (length: number): number => Math.ceil((length * 4) / 64) * 64;
  // The first buffer does not start where the memory does.
  const total = entries.reduce((sum, [, length]) => sum + stride(length), 64);
  const pages = Math.ceil(total / 65536);
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  let offset = 64;
  return Object.fromEntries(
    entries.map(([name, length]) => {
      const view = new Float32Array(buffer, offset, length);
      offset += stride(length);
      return [name, view];
    }),
  );
}
