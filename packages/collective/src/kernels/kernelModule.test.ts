import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadKernelModule } from './kernelModule.ts';

const FILE = new URL('../../generated/kernels.wasm', import.meta.url);

/** Ids of the sections of a WASM binary (core specification 1.0, section 5.5). */
function sectionIds(bytes: Uint8Array): number[] {
  const ids: number[] = [];
  let position = 8;
  while (position < bytes.length) {
    ids.push(bytes[position++] ?? 0);
    let size = 0;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = bytes[position++] ?? 0;
      size += (byte & 0x7f) * 2 ** shift;
    }
    position += size;
  }
  return ids;
}

describe('the kernel module', () => {
  // Threads instantiate it on one memory while others work there: it must write nothing of its own.
  it('has code only: no globals, start function, elements or data', () => {
    const [type, imports, functions, exports, code] = [1, 2, 3, 7, 10];
    const ids = sectionIds(readFileSync(FILE)).filter((id) => id !== 0); // 0: names and the like
    expect(ids).toEqual([type, imports, functions, exports, code]);
  });

  it('imports the memory and nothing else', () => {
    const imports = WebAssembly.Module.imports(loadKernelModule());
    expect(imports).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  });

  it('is compiled once in a thread', () => {
    expect(loadKernelModule()).toBe(loadKernelModule());
  });
});
