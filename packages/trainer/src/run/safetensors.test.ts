import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import type { NamedTensor } from './namedTensor.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';

/** A file with the given header, by the format's own description. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = header instanceof Uint8Array ? header : Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes, 1)]);
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof CheckpointError) return error.code;
    throw error;
  }
  return 'none';
}

const tensor = (shape: number[], offsets: number[], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: offsets,
});

describe('decodeSafetensors', () => {
  it('reads a file made by hand', () => {
    const file = fileOf({ a: tensor([2], [0, 8]), __metadata__: { k: 'v' } }, 0);
    const bytes = Buffer.concat([file, Buffer.from(Float32Array.of(1.5, -2).buffer)]);
    const read = decodeSafetensors(bytes, 'file');
    expect(read).toEqual({
      metadata: { k: 'v' },
      tensors: [{ name: 'a', shape: [2], data: Float32Array.of(1.5, -2) }],
    });
  });

  it.each([
    ['not JSON', '{"a"', 0],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 0],
    ['no object', [1], 0],
    ['metadata that is no text', { __metadata__: { k: 1 } }, 0],
    ['a tensor that is no object', { a: 1 }, 0],
    ['another dtype', { a: tensor([2], [0, 4], 'F16') }, 4],
    ['a negative size', { a: tensor([-2, -1], [0, 8]) }, 8],
    ['a fractional size', { a: tensor([0.5], [0, 2]) }, 2],
    ['offsets that are no pair', { a: tensor([1], [0, 2, 4]) }, 4],
    ['fewer bytes than the shape needs', { a: tensor([2], [0, 4]) }, 4],
    ['a tensor that ends before it starts', { a: tensor([0], [4, 0]) }, 4],
    ['a product past all integers', { a: tensor([2 ** 50, 2 ** 50], [0, 4]) }, 4],
    ['overlapping tensors', { a: tensor([2], [0, 8]), b: tensor([2], [4, 12]) }, 12],
    ['a gap', { a: tensor([1], [0, 4]), b: tensor([1], [8, 12]) }, 12],
    ['a gap at the start', { a: tensor([1], [4, 8]) }, 8],
    ['bytes after the last tensor', { a: tensor([1], [0, 4]) }, 5],
  ])('refuses %s', (_, header, dataBytes) => {
    expect(codeOf(() => decodeSafetensors(fileOf(header, dataBytes), 'f'))).toBe(
      'CHECKPOINT_CORRUPT',
    );
  });

  it.each([
    ['tensors past the end', fileOf({ a: tensor([2], [0, 8]) }, 4)],
    ['a header past the end', fileOf({}, 0).subarray(0, 9)],
    ['a header of 2^64 - 1 bytes', new Uint8Array(64).fill(255).fill(0x7b, 8)],
    ['nothing', new Uint8Array(0)],
  ])('calls %s truncated', (_, bytes) => {
    expect(codeOf(() => decodeSafetensors(bytes, 'f'))).toBe('CHECKPOINT_TRUNCATED');
  });

  it('calls a file of another kind by its name', () => {
    const picture = new TextEncoder().encode('\x89PNG and many more bytes');
    expect(() => decodeSafetensors(picture, 'f')).toThrow('a file of another kind');
  });
});

describe('encodeSafetensors', () => {
  const tensors = fc
    .uniqueArray(fc.string({ minLength: 1 }), { maxLength: 5 })
    .filter((names) => !names.includes('__metadata__'))
    .chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }).map((shape): NamedTensor => {
            const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
            return { name, shape, data: data.map((_, i) => Math.fround(i / 3)) };
          }),
        ),
      ),
    );

  it('is read back as it was, in order', () => {
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (list, metadata) => {
        const read = decodeSafetensors(encodeSafetensors({ metadata, tensors: list }), 'f');
        expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
        const named = (all: readonly NamedTensor[]) => [...all].filter((t) => t.data.length > 0);
        expect(named(read.tensors)).toEqual(named(list));
        expect(read.tensors).toHaveLength(list.length);
      }),
    );
  });

  it('starts the data at a multiple of eight bytes, whatever the header', () => {
    for (let n = 0; n < 16; n++) {
      const bytes = encodeSafetensors({ metadata: { k: 'v'.repeat(n) }, tensors: [] });
      expect(bytes.length % 8).toBe(0);
    }
  });

  it('keeps every bit, NaNs too', () => {
    const bits = Uint32Array.of(0x7fc00001, 0xffc12345, 0x80000000, 1);
    const list = [{ name: 'n', shape: [4], data: new Float32Array(bits.buffer) }];
    const read = decodeSafetensors(encodeSafetensors({ metadata: {}, tensors: list }), 'f');
    expect(new Uint32Array(read.tensors[0]?.data.buffer ?? new ArrayBuffer(0))).toEqual(bits);
  });

  it('reads views that do not start at the buffer', () => {
    const bytes = encodeSafetensors({
      metadata: {},
      tensors: [{ name: 'a', shape: [2], data: new Float32Array(4).fill(2).subarray(1, 3) }],
    });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3), 'f').tensors[0]?.data).toEqual(
      Float32Array.of(2, 2),
    );
  });

  it('refuses two tensors of a name, and data that is not of the shape', () => {
    const a = { name: 'a', shape: [1], data: new Float32Array(1) };
    expect(() => encodeSafetensors({ metadata: {}, tensors: [a, a] })).toThrow('two tensors');
    expect(() => encodeSafetensors({ metadata: {}, tensors: [{ ...a, shape: [2] }] })).toThrow(
      '1 elements',
    );
  });
});
