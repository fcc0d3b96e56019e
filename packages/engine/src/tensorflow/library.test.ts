/** What is no libtensorflow is refused in words; nothing ends the process. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { whereTensorflowIs } from '../testing/whereTensorflowIs.ts';
import { loadLibrary, openLibrary } from './library.ts';
import { findLibrary } from './findLibrary.ts';

/** A library that every installation has. */
function anotherLibrary(): string {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve('onnxruntime-node'));
  return resolve(`../bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`);
}

describe('openLibrary', () => {
  it('refuses a library of something else', () => {
    const library = anotherLibrary();
    expect(() => openLibrary({ library })).toThrow(
      expect.objectContaining({
        code: 'ENGINE_LIBRARY_BROKEN',
        where: `Engine "tensorflow", ${library}`,
        got: "a library without TensorFlow's C functions",
      }),
    );
  });

  it('passes on what the system says', () => {
    expect(() => openLibrary({ library: import.meta.filename })).toThrow(
      expect.objectContaining({
        code: 'ENGINE_LIBRARY_BROKEN',
        got: expect.stringContaining('what the system refuses to load') as string,
      }),
    );
  });
});

whereTensorflowIs(() => {
  it('opens what was found, once', () => {
    const library = loadLibrary();
    expect(library.path).toBe(findLibrary().library);
    expect(library.version).toMatch(/^2\.\d+\.\d+/);
    expect(loadLibrary()).toBe(library);
  });
});
