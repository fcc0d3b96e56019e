/** Vectors of float32, kept as they are; NaN stands for a value that is missing. */
import { endianness } from 'node:os';
import { DataError } from '../errors.ts';
import { streamArrayFile, type ArrayFile } from './arrayFile.ts';
import { cutRecords } from './cutRecords.ts';

const FLOAT_BYTES = 4;

export function readFloats(
  file: ArrayFile,
  target: Uint8Array,
  positions: Uint32Array | undefined,
): Promise<void> {
  const { dataOffset, dims, littleEndian } = file.header;
  const length = dims[1] ?? 0;
  const bytes = length * FLOAT_BYTES;
  const isNative = littleEndian === (endianness() === 'LE');
  const row = new Float32Array(length);
  const rowBytes = Buffer.from(row.buffer);
  let slot = 0;
  const take = (record: Uint8Array, index: number): void => {
    rowBytes.set(record);
    if (!isNative) rowBytes.swap32();
    const bad = row.find((value) => Math.abs(value) === Infinity);
    if (bad !== undefined) throw notFinite(file.path, bad, index);
    if (positions && positions[slot] !== index) return;
    target.set(rowBytes, slot * bytes);
    slot++;
  };
  return streamArrayFile(file, cutRecords(dataOffset, bytes, take));
}

function notFinite(path: string, value: number, index: number): DataError {
  return new DataError({
    code: 'DATA_NOT_FINITE',
    where: path,
    expected: 'finite numbers, or NaN where one is missing',
    got: `${value} in example ${index}`,
    fix: 'Replace it before saving the array.',
  });
}
