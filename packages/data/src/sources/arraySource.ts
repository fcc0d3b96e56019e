/** Examples in one IDX or NPY file, with labels from a second file where there is one. */
import { DataError } from '../errors.ts';
import { makeTransform, transformedShape, type TransformOptions } from '../pixels/transform.ts';
import { elementCount, formatShape } from '../shape.ts';
import { openArrayFile, streamArrayFile, type ArrayFile } from './arrayFile.ts';
import { elementTypes, type ArrayHeader } from './arrayHeader.ts';
import { cutRecords } from './cutRecords.ts';
import type { ExampleSource } from './exampleSource.ts';
import { readFloats } from './floatArray.ts';
import { readLabels } from './labels.ts';
import { readByScan } from './readByScan.ts';
import { rowBlock } from './rowBlock.ts';

export async function openArraySource(
  path: string,
  labelsPath: string | undefined,
  options: TransformOptions,
): Promise<ExampleSource> {
  const file = await openArrayFile(path);
  const labels = labelsPath === undefined ? undefined : await openArrayFile(labelsPath);
  return arrayExamples(file, labels, options);
}

/** The same of arrays that are open already. */
export async function arrayExamples(
  file: ArrayFile,
  labels: ArrayFile | undefined,
  options: TransformOptions,
): Promise<ExampleSource> {
  const { path } = file;
  const { count, shape: fileShape } = checkExamples(path, file.header);
  const shape = transformedShape(path, fileShape, options);
  const common = {
    where: path,
    shape,
    count,
    labels: labels && (await readLabels(labels, count, path)),
  };
  if (shape.length === 1 && file.header.type === 'float32') {
    const format = { kind: 'array' } as const;
    const read: ExampleSource['read'] = (target, positions) => readFloats(file, target, positions);
    return { ...common, valueType: 'float32', format, read };
  }
  return {
    ...common,
    valueType: 'uint8',
    format: { kind: shape.length === 3 ? 'image' : 'array' },
    read: (target, positions) => readExamples(file, { fileShape, shape }, target, positions),
    scan: (take) => scanExamples(file, { fileShape, shape }, take),
  };
}

/** [N, D] are vectors; [N, H, W] and [N, H, W, C] are images, the former of one channel. */
function checkExamples(
  path: string,
  header: ArrayHeader,
): { readonly count: number; readonly shape: readonly number[] } {
  const { dims, type, format } = header;
  const [count = 0, ...example] = dims;
  if (dims.length <= 1) {
    throw new DataError({
      code: 'DATA_WRONG_KIND',
      where: path,
      expected: `images${format === 'IDX' ? ' (IDX magic number 00 00 08 03)' : ' of shape [N, H, W]'}`,
      got: format === 'IDX' ? 'labels (rank 1)' : `an array of shape ${formatShape(dims)}`,
      fix: 'Check that the image file and the label file are not swapped.',
    });
  }
  if (dims.length > 4) {
    throw new DataError({
      code: 'DATA_RANK',
      where: path,
      expected: 'examples of shape [N, D], [N, H, W] or [N, H, W, C]',
      got: formatShape(dims),
      fix: 'Save the array with the examples along the first dimension and images as H, W, C.',
    });
  }
  if (type !== 'uint8' && type !== 'float32') {
    throw new DataError({
      code: 'DATA_DTYPE',
      where: path,
      expected: 'values of type uint8 or float32',
      got: type,
      fix: 'Save the array as uint8 (0 to 255), or as float32.',
    });
  }
  if (dims.some((dim) => dim === 0)) {
    throw new DataError({
      code: 'DATA_EMPTY',
      where: path,
      expected: 'at least one example with at least one value',
      got: `shape ${formatShape(dims)}`,
      fix: 'Write the file again with some examples in it.',
    });
  }
  return { count, shape: example.length === 2 ? [...example, 1] : example };
}

interface Shapes {
  readonly fileShape: readonly number[];
  readonly shape: readonly number[];
}

async function readExamples(
  file: ArrayFile,
  shapes: Shapes,
  target: Uint8Array,
  positions: Uint32Array | undefined,
): Promise<void> {
  const { dataOffset, type } = file.header;
  if (type === 'uint8' && !positions && !makeTransform(shapes.fileShape, shapes.shape)) {
    // The chunks are the dataset.
    return streamArrayFile(file, (chunk, position) => {
      const values = position < dataOffset ? chunk.subarray(dataOffset - position) : chunk;
      target.set(values, Math.max(0, position - dataOffset));
    });
  }
  const scan: Scan = (take) => scanExamples(file, shapes, take);
  return readByScan({ scan }, elementCount(shapes.shape), target, positions);
}

type Scan = NonNullable<ExampleSource['scan']>;

async function scanExamples(
  file: ArrayFile,
  { fileShape, shape }: Shapes,
  take: Parameters<Scan>[0],
): Promise<void> {
  const { dataOffset, type } = file.header;
  const transform = makeTransform(fileShape, shape);
  const fileSize = elementCount(fileShape);
  const quantised = new Uint8Array(type === 'float32' ? fileSize : 0);
  const block = rowBlock(elementCount(shape), take);
  const takeExample = (bytes: Uint8Array, index: number): void => {
    if (type === 'float32') quantise(file, bytes, quantised, index);
    const values = type === 'float32' ? quantised : bytes;
    block.add((row) => (transform ? transform(values, row) : row.set(values)));
  };
  const cut = cutRecords(dataOffset, fileSize * elementTypes[type].bytes, takeExample);
  return streamArrayFile(file, (chunk, position) => {
    cut(chunk, position);
    return block.flush();
  });
}

/**
 * Images are stored as uint8. Those in floats are taken only where that loses nothing: each value must
 * be v/255 for an integer v, up to float32 rounding. Rounding anything else would change the data
 * without a word.
 */
function quantise(file: ArrayFile, bytes: Uint8Array, out: Uint8Array, index: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = file.header.littleEndian;
  for (let i = 0; i < out.length; i++) {
    const value = view.getFloat32(i * 4, little);
    const scaled = value * 255;
    const rounded = Math.round(scaled);
    if (!(rounded >= 0 && rounded <= 255 && Math.abs(scaled - rounded) < 1e-4)) {
      throw new DataError({
        code: 'DATA_NOT_UINT8',
        where: file.path,
        expected: 'images whose values are multiples of 1/255 from 0 to 1 (they are kept as uint8)',
        got: `${value} in example ${index}`,
        fix: 'Scale to [0, 1] and round, numpy.save(path, (x * 255).round().astype("uint8")), or save them flat, as [N, D]: such numbers are kept as they are.',
      });
    }
    out[i] = rounded;
  }
}
