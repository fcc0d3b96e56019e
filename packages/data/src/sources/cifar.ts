/**
 * The binary version of CIFAR-10 and CIFAR-100: records of one label byte (CIFAR-100: two, the coarse
 * one first; the fine one is read) and three planes of 32x32 bytes, red, green and blue.
 * https://www.cs.toronto.edu/~kriz/cifar.html
 */
import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError } from '../errors.ts';
import { makeTransform, transformedShape, type TransformOptions } from '../pixels/transform.ts';
import { elementCount } from '../shape.ts';
import { cutRecords } from './cutRecords.ts';
import type { ExampleSource } from './exampleSource.ts';
import { fileError } from './fileErrors.ts';
import { fileBytes, streamBytes } from './fileStream.ts';
import { readByScan } from './readByScan.ts';
import { rowBlock } from './rowBlock.ts';

const side = 32;
const planeBytes = side * side;
const fileShape = [side, side, 3] as const;

/** Files of CIFAR-10, of CIFAR-100; the first group tells the part. */
const cifar10Name = /^(data|test)_batch(?:_\d+)?\.bin(?:\.gz)?$/;
const cifar100Name = /^(train|test)\.bin(?:\.gz)?$/;

/** One label byte, or two. */
const cifar10: RecordLayout = { labelBytes: 1, classes: 10 };
const cifar100: RecordLayout = { labelBytes: 2, classes: 100 };

interface RecordLayout {
  readonly labelBytes: number;
  readonly classes: number;
}

export interface CifarPaths {
  readonly train: readonly string[];
  readonly test: string | undefined;
  /** A text file with the name of a class in each line. */
  readonly classNames: string | undefined;
}

interface CifarFile {
  readonly path: string;
  readonly gzip: boolean;
  readonly layout: RecordLayout;
  readonly labels: Int32Array;
}

export function isCifarName(name: string): boolean {
  return cifar10Name.test(name) || cifar100Name.test(name);
}

/**
 * Whether a file of another name is one of CIFAR's: called NAME.bin, of whole records and nothing else.
 * Throws DataError where it cannot be looked at.
 */
export async function isCifarSized(path: string): Promise<boolean> {
  if (!/\.bin$/i.test(path)) return false;
  const size = await sizeOf(path);
  return size > 0 && layoutOfSize(size) !== undefined;
}

/** By the length of its records; of both, CIFAR-10's. */
function layoutOfSize(size: number): RecordLayout | undefined {
  return [cifar10, cifar100].find((layout) => size % bytesOf(layout) === 0);
}

const bytesOf = ({ labelBytes }: RecordLayout): number => labelBytes + 3 * planeBytes;

async function layoutOf(path: string): Promise<RecordLayout> {
  const name = basename(path);
  if (cifar100Name.test(name)) return cifar100;
  if (cifar10Name.test(name)) return cifar10;
  return layoutOfSize(await sizeOf(path)) ?? cifar10;
}

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  return size;
}

/** The files of a folder that has such names; undefined where it has none to train on. */
export function findCifar(folder: string, names: readonly string[]): CifarPaths | undefined {
  for (const pattern of [cifar10Name, cifar100Name]) {
    const files = names
      .filter((name) => pattern.test(name))
      .sort((a, b) => batchNumber(a) - batchNumber(b));
    const of = (isTest: boolean): string[] =>
      files
        .filter((name) => (pattern.exec(name)?.[1] === 'test') === isTest)
        .map((name) => join(folder, name));
    const [train, [test]] = [of(false), of(true)];
    if (train.length === 0) continue;
    const named = names.find((name) =>
      (pattern === cifar10Name ? /^batches\.meta\.txt$/ : /^fine_label_names\.txt$/).test(name),
    );
    return { train, test, classNames: named === undefined ? undefined : join(folder, named) };
  }
  return undefined;
}

const batchNumber = (name: string): number => Number(/_(\d+)\.bin/.exec(name)?.[1] ?? 0);

/** Reads the labels, which lie among the pixels: one pass over the files. */
export async function openCifarSource(
  where: string,
  paths: readonly string[],
  classNamesPath: string | undefined,
  options: TransformOptions,
): Promise<ExampleSource> {
  const files = await Promise.all(paths.map(openFile));
  const labels = concatenate(files.map((file) => file.labels));
  const shape = transformedShape(where, fileShape, options);
  const classNames = classNamesPath === undefined ? undefined : await readLines(classNamesPath);
  const scan: NonNullable<ExampleSource['scan']> = (take) => scanExamples(files, shape, take);
  return {
    where,
    shape,
    count: labels.length,
    valueType: 'uint8',
    format: { kind: 'image', ...(classNames && { classNames }) },
    labels,
    read: (target, positions) => readByScan({ scan }, elementCount(shape), target, positions),
    scan,
  };
}

async function openFile(path: string): Promise<CifarFile> {
  const layout = await layoutOf(path);
  const recordBytes = bytesOf(layout);
  const gzip = await isGzip(path);
  const labels: number[] = [];
  const take = cutRecords(0, recordBytes, (record, index) => {
    const label = record[layout.labelBytes - 1] ?? 0;
    if (label >= layout.classes) throw badLabel(path, index, label, layout.classes);
    labels.push(label);
  });
  const bytes = await streamBytes(path, () => fileBytes(path, gzip), take);
  if (bytes === 0 || bytes % recordBytes !== 0) throw wrongSize(path, bytes, recordBytes);
  return { path, gzip, layout, labels: Int32Array.from(labels) };
}

async function isGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

async function scanExamples(
  files: readonly CifarFile[],
  shape: readonly number[],
  take: (rows: Uint8Array, first: number) => void | Promise<void>,
): Promise<void> {
  const transform = makeTransform(fileShape, shape);
  const pixels = new Uint8Array(elementCount(fileShape));
  const block = rowBlock(elementCount(shape), take);
  for (const { path, gzip, layout } of files) {
    const cut = cutRecords(0, bytesOf(layout), (record) => {
      block.add((row) => {
        interleave(record.subarray(layout.labelBytes), transform ? pixels : row);
        transform?.(pixels, row);
      });
    });
    await streamBytes(
      path,
      () => fileBytes(path, gzip),
      (chunk, position) => {
        cut(chunk, position);
        return block.flush();
      },
    );
  }
}

/** Three planes to [H, W, C]. */
function interleave(planes: Uint8Array, out: Uint8Array): void {
  for (let channel = 0; channel < 3; channel++) {
    const plane = planes.subarray(channel * planeBytes, (channel + 1) * planeBytes);
    for (let i = 0, at = channel; i < planeBytes; i++, at += 3) out[at] = plane[i] ?? 0;
  }
}

function concatenate(parts: readonly Int32Array[]): Int32Array {
  const out = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function readLines(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fileError(path, error);
  });
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function badLabel(path: string, index: number, label: number, classes: number): DataError {
  return new DataError({
    code: 'DATA_BAD_LABEL',
    where: `${path}, record ${index + 1}`,
    expected: `a label from 0 to ${classes - 1} in a file of CIFAR-${classes}`,
    got: `${label}`,
    fix: 'Check that the file is the binary version, and that its name is that of CIFAR-10 (data_batch_1.bin) or CIFAR-100 (train.bin).',
  });
}

function wrongSize(path: string, bytes: number, recordBytes: number): DataError {
  const records = Math.floor(bytes / recordBytes);
  return new DataError({
    code: bytes === 0 ? 'DATA_EMPTY' : 'DATA_TRUNCATED',
    where: path,
    expected: `whole records of ${recordBytes} bytes, as the binary version of CIFAR has`,
    got: bytes === 0 ? 'none' : `${records} and ${bytes % recordBytes} bytes of another`,
    fix: 'The file is cut short or of another kind: download it again.',
  });
}
