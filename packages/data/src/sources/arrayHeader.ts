/** What the header of an IDX or NPY file says. */
import { elementCount } from '../shape.ts';

/** Types a file may hold; images are uint8 or float32, labels any integer. */
export type ElementType =
  'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64' | 'float32';

export const elementTypes: Readonly<
  Record<
    ElementType,
    { readonly bytes: number; get(view: DataView, at: number, little: boolean): number }
  >
> = {
  uint8: { bytes: 1, get: (view, at) => view.getUint8(at) },
  int8: { bytes: 1, get: (view, at) => view.getInt8(at) },
  uint16: { bytes: 2, get: (view, at, little) => view.getUint16(at, little) },
  int16: { bytes: 2, get: (view, at, little) => view.getInt16(at, little) },
  uint32: { bytes: 4, get: (view, at, little) => view.getUint32(at, little) },
  int32: { bytes: 4, get: (view, at, little) => view.getInt32(at, little) },
  uint64: { bytes: 8, get: (view, at, little) => Number(view.getBigUint64(at, little)) },
  int64: { bytes: 8, get: (view, at, little) => Number(view.getBigInt64(at, little)) },
  float32: { bytes: 4, get: (view, at, little) => view.getFloat32(at, little) },
};

export interface ArrayHeader {
  readonly format: 'IDX' | 'NPY';
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Examples first. */
  readonly dims: readonly number[];
  /** Where the values start, in decompressed bytes. */
  readonly dataOffset: number;
}

/** Bytes of header and values together. */
export function arrayBytes(header: ArrayHeader): number {
  const values = elementCount(header.dims);
  return header.dataOffset + values * elementTypes[header.type].bytes;
}
