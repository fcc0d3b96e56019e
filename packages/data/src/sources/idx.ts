/**
 * The IDX format of MNIST: two zero bytes, a type code, the rank, one big-endian u32 for each
 * dimension, then the values. http://yann.lecun.com/exdb/mnist/
 */
import { DataError } from '../errors.ts';
import type { ArrayHeader, ElementType } from './arrayHeader.ts';

const types: Readonly<Record<number, ElementType | 'int8' | 'int16' | 'float32' | 'float64'>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};

export function looksLikeIdx(head: Uint8Array): boolean {
  return head[0] === 0 && head[1] === 0 && types[head[2] ?? 0] !== undefined;
}

/** Parses the header of a file whose first bytes are an IDX magic number. */
export function parseIdxHeader(path: string, head: Uint8Array): ArrayHeader {
  const type = types[head[2] ?? 0];
  const rank = head[3] ?? 0;
  const dataOffset = 4 + 4 * rank;
  if (rank === 0 || head.length < dataOffset) {
    throw new DataError({
      code: rank === 0 && head.length >= 4 ? 'DATA_BAD_HEADER' : 'DATA_TRUNCATED',
      where: path,
      expected: `an IDX header of ${rank === 0 ? 'at least 8' : dataOffset} bytes`,
      got: rank === 0 && head.length >= 4 ? 'rank 0' : `${head.length} bytes in all`,
      fix: 'Download or copy the file again.',
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const dims = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  if (type !== 'uint8' && type !== 'int32') {
    throw new DataError({
      code: 'DATA_DTYPE',
      where: path,
      expected: 'IDX values of type uint8',
      got: type ?? 'an unknown type',
      fix: 'Convert the values to uint8 (0 to 255).',
    });
  }
  // IDX is big-endian throughout.
  return { format: 'IDX', type, littleEndian: false, dims, dataOffset };
}
