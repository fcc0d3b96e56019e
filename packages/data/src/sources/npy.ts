/**
 * NumPy's .npy: "\x93NUMPY", version, header length, a Python dict literal, then the values.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { DataError } from '../errors.ts';
import { elementTypes, type ArrayHeader, type ElementType } from './arrayHeader.ts';

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const types: Readonly<Record<string, ElementType>> = {
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f4: 'float32',
};

export function looksLikeNpy(head: Uint8Array): boolean {
  return magic.every((byte, i) => head[i] === byte);
}

/** Parses the header of a file whose first bytes are NPY's magic string. */
export function parseNpyHeader(path: string, head: Uint8Array): ArrayHeader {
  const lengthBytes = head[6] === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length =
    head.length < start ? 0 : lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = start + length;
  if (head.length < start || head.length < dataOffset) {
    throw new DataError({
      code: 'DATA_TRUNCATED',
      where: path,
      expected: `an NPY header of ${dataOffset} bytes`,
      got: `${head.length} bytes`,
      fix: 'Write or copy the file again.',
    });
  }
  const text = Buffer.from(head.subarray(start, dataOffset)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const fortranOrder = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (fortranOrder === undefined || shape === undefined) {
    throw new DataError({
      code: 'DATA_BAD_HEADER',
      where: path,
      expected: 'an NPY header with descr, fortran_order and shape',
      got: JSON.stringify(text.trim().slice(0, 80)),
      fix: 'Write the array again with numpy.save.',
    });
  }
  const type = types[descr?.slice(1) ?? ''];
  const byteOrder = descr?.charAt(0) ?? '';
  const oneByte = type !== undefined && elementTypes[type].bytes === 1;
  if (type === undefined || !(oneByte || byteOrder === '<' || byteOrder === '>')) {
    throw new DataError({
      code: 'DATA_DTYPE',
      where: path,
      expected: 'values of dtype uint8 or float32',
      got: `dtype ${descr ?? 'with named fields'}`,
      fix: 'Save numbers as x.astype("float32"), images as (x * 255).round().astype("uint8").',
    });
  }
  if (fortranOrder === 'True') {
    throw new DataError({
      code: 'DATA_FORTRAN_ORDER',
      where: path,
      expected: 'an array in C order (examples one after another)',
      got: 'Fortran order',
      fix: 'Save numpy.ascontiguousarray(x).',
    });
  }
  const dims = (shape.match(/\d+/g) ?? []).map(Number);
  return { format: 'NPY', type, littleEndian: byteOrder !== '>', dims, dataOffset };
}
