/** Labels from an array: integers 0..classes-1, one an example. */
import { DataError } from '../errors.ts';
import { formatShape } from '../shape.ts';
import { streamArrayFile, type ArrayFile } from './arrayFile.ts';
import { arrayBytes, elementTypes } from './arrayHeader.ts';

const maxLabel = 2 ** 31 - 1;

/** Reads all labels (they are small) and checks that there are `count` of them. */
export async function readLabels(
  file: ArrayFile,
  count: number,
  images: string,
): Promise<Int32Array> {
  const { path } = file;
  const { dims, type, littleEndian, dataOffset } = file.header;
  const [length = 0, ...rest] = dims;
  if (rest.some((dim) => dim !== 1)) throw notLabels(path, dims);
  if (type === 'float32') throw wrongType(path, type);
  if (length !== count) throw wrongCount(path, images, count, length);

  const bytes = new Uint8Array(arrayBytes(file.header));
  await streamArrayFile(file, (chunk, position) => bytes.set(chunk, position));
  // The common case, a hundred times faster: every byte is a label.
  if (type === 'uint8') return new Int32Array(bytes.subarray(dataOffset));
  const view = new DataView(bytes.buffer);
  const element = elementTypes[type];
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = element.get(view, dataOffset + i * element.bytes, littleEndian);
    if (!(label >= 0 && label <= maxLabel)) throw badLabel(path, i, label);
    labels[i] = label;
  }
  return labels;
}

/** The smallest number of classes that all labels fit; undefined without labels. */
export function countClasses(...parts: (Int32Array | undefined)[]): number | undefined {
  let largest = -1;
  for (const labels of parts) {
    if (!labels) continue;
    for (let i = 0; i < labels.length; i++) largest = Math.max(largest, labels[i] ?? 0);
  }
  return largest < 0 ? undefined : largest + 1;
}

function notLabels(path: string, dims: readonly number[]): DataError {
  return new DataError({
    code: 'DATA_WRONG_KIND',
    where: path,
    expected: 'labels (one number an example; IDX magic number 00 00 08 01)',
    got: `an array of shape ${formatShape(dims)}`,
    fix: 'Check that the image file and the label file are not swapped.',
  });
}

function wrongType(path: string, type: string): DataError {
  return new DataError({
    code: 'DATA_DTYPE',
    where: path,
    expected: 'labels of an integer type',
    got: type,
    fix: 'Save the labels as uint8 or int32.',
  });
}

function wrongCount(path: string, images: string, count: number, got: number): DataError {
  return new DataError({
    code: 'DATA_COUNT_MISMATCH',
    where: path,
    expected: `${count} labels, one for each example in ${images}`,
    got: `${got}`,
    fix: 'Check that both files belong together and are complete.',
  });
}

function badLabel(path: string, index: number, label: number): DataError {
  return new DataError({
    code: 'DATA_BAD_LABEL',
    where: path,
    expected: `labels from 0 to ${maxLabel}`,
    got: `${label} at index ${index}`,
    fix: 'Number the classes from 0.',
  });
}
