/** Checks what a caller binds before an engine touches it. */
import type { Buffers, TensorSpecs } from './engine.ts';
import { EngineError } from './errors.ts';
import { shapeText } from './shapeText.ts';

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Each spec has a Float32Array of exactly its size, and nothing else is bound. */
export function checkBuffers(role: 'input' | 'output', specs: TensorSpecs, buffers: Buffers): void {
  const fail = (code: string, name: string, expected: string, got: string): never => {
    const fix = `Bind one Float32Array for each ${role}: ${Object.keys(specs).join(', ')}.`;
    throw new EngineError({ code, where: `bind(): ${role} "${name}"`, expected, got, fix });
  };
  for (const [name, { shape }] of Object.entries(specs)) {
    const expected = `a Float32Array of ${elementCount(shape)} (shape ${shapeText(shape)})`;
    const buffer: unknown = buffers[name];
    if (buffer === undefined) fail('ENGINE_BUFFER_MISSING', name, expected, 'nothing');
    if (!(buffer instanceof Float32Array))
      fail('ENGINE_BUFFER_TYPE', name, expected, typeof buffer);
    const { length } = buffer as Float32Array;
    if (length !== elementCount(shape)) fail('ENGINE_BUFFER_LENGTH', name, expected, `${length}`);
  }
  for (const name of Object.keys(buffers)) {
    if (!(name in specs)) fail('ENGINE_BUFFER_UNKNOWN', name, `no such ${role}`, 'a buffer for it');
  }
}
