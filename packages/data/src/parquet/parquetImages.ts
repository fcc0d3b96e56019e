/**
 * Images in Parquet files: PNG or JPEG bytes in a column, labels in another. Read a row group at a time, and
 * decoded in a pool while the next is read.
 */
import { DataError } from '../errors.ts';
import type { NamedImage } from '../images/decodeTask.ts';
import { brokenRow } from '../images/imageErrors.ts';
import { parseImageHeader, type ImageHeader } from '../images/imageHeader.ts';
import { imageReference } from '../images/imageReference.ts';
import { readWithThreads, type ReadWith } from '../images/readWithThreads.ts';
import { transformedShape, type TransformOptions } from '../pixels/transform.ts';
import { elementCount } from '../shape.ts';
import type { ExampleSource } from '../sources/exampleSource.ts';
import { findImageColumns, type ImageColumns } from './imageColumns.ts';
import { openParquet, readColumn, type ParquetFile } from './openParquet.ts';
import { labelsFrom } from './parquetLabels.ts';

interface ImageFile extends ParquetFile {
  readonly columns: ImageColumns;
}

export async function hasImageColumn(path: string): Promise<boolean> {
  const { metadata, schema } = await openParquet(path);
  return findImageColumns(metadata, schema) !== undefined;
}

/** `knownClasses`: those of what was trained on. */
export async function openParquetImages(
  where: string,
  paths: readonly string[],
  options: TransformOptions,
  knownClasses?: readonly string[],
): Promise<ExampleSource> {
  const files = (await Promise.all(paths.map(openImageFile))).filter(({ count }) => count > 0);
  const [first] = files;
  if (!first) throw noRows(where);
  const image = await firstImage(first);
  const header = parseImageHeader(image.bytes);
  if (!header) throw new DataError(brokenRow(image.path, 'bytes of neither'));
  const { height, width, color } = header;
  const shape = transformedShape(where, [height, width, color ? 3 : 1], options);
  const { labels, classNames } = await readLabels(files, knownClasses);
  return {
    where,
    shape,
    count: files.reduce((sum, { count }) => sum + count, 0),
    valueType: 'uint8',
    format: { kind: 'image', ...(classNames && { classNames }) },
    labels,
    ...readWithThreads(readGroups({ files, first: image, header, shape, options })),
  };
}

async function openImageFile(path: string): Promise<ImageFile> {
  const file = await openParquet(path);
  const columns = findImageColumns(file.metadata, file.schema);
  if (!columns) throw noImages(path, file);
  return { ...file, columns };
}

async function firstImage(file: ImageFile): Promise<NamedImage> {
  const values = await readColumn(file, file.columns.image, { start: 0, end: 1 });
  return namedImage(file.path, 0, values[0]);
}

/** Null where a picture was kept by its path only. */
function namedImage(path: string, row: number, value: unknown): NamedImage {
  const where = `${path}, row ${row + 1}`;
  const bytes = value instanceof Uint8Array || typeof value !== 'object' ? value : bytesIn(value);
  if (bytes instanceof Uint8Array) return { path: where, bytes };
  throw new DataError(brokenRow(where, 'none'));
}

function bytesIn(value: object | null): unknown {
  return value && 'bytes' in value ? value.bytes : undefined;
}

async function readLabels(
  files: readonly ImageFile[],
  knownClasses: readonly string[] | undefined,
): Promise<{ labels: Int32Array | undefined; classNames: readonly string[] | undefined }> {
  const told = files.find(({ columns }) => columns.classNames)?.columns.classNames;
  if (files.some(({ columns }) => columns.label === undefined)) {
    return { labels: undefined, classNames: undefined };
  }
  const values: { readonly where: string; readonly value: unknown }[] = [];
  for (const file of files) {
    const column = file.columns.label ?? '';
    const rows = await readColumn(file, column, { start: 0, end: file.count });
    for (const [i, value] of rows.entries()) {
      values.push({ where: `${file.path}, row ${i + 1}, column "${column}"`, value });
    }
  }
  return labelsFrom(values, knownClasses ?? told);
}

interface ParquetImages {
  readonly files: readonly ImageFile[];
  readonly first: NamedImage;
  readonly header: ImageHeader;
  readonly shape: readonly number[];
  readonly options: TransformOptions;
}

function readGroups({ files, first, header, shape, options }: ParquetImages): ReadWith {
  const size = elementCount(shape);
  const reference = imageReference(first.path, header, options);
  return async (pool, target, positions) => {
    let [slot, before] = [0, 0];
    let decoding = Promise.resolve();
    try {
      for (const file of files) {
        for (const range of file.groups) {
          const rows = wantedRows(range, before, positions, slot);
          if (rows.length === 0) continue;
          const values = await readColumn(file, file.columns.image, range);
          const images = rows.map((row) => namedImage(file.path, row, values[row - range.start]));
          const part = target.subarray(slot * size, (slot + images.length) * size);
          slot += images.length;
          await decoding;
          decoding = pool.decode({ files: images, shape, reference, target: part });
          // Awaited before the next, or at the end; until then it is nobody's.
          decoding.catch(() => undefined);
        }
        before += file.count;
      }
      await decoding;
    } finally {
      // Nothing is written into the target any more.
      await decoding.catch(() => undefined);
    }
  };
}

/** The rows of a group that are among the positions from `slot` on; `before`: rows in earlier files. */
function wantedRows(
  { start, end }: { readonly start: number; readonly end: number },
  before: number,
  positions: Uint32Array | undefined,
  slot: number,
): number[] {
  if (!positions) return Array.from({ length: end - start }, (_, i) => start + i);
  const rows: number[] = [];
  for (let at = positions[slot]; at !== undefined && at < before + end; at = positions[++slot]) {
    rows.push(at - before);
  }
  return rows;
}

function noRows(where: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where,
    expected: 'at least one row',
    got: 'none',
    fix: 'Write the file again with some rows in it.',
  });
}

function noImages(path: string, { schema }: ParquetFile): DataError {
  return new DataError({
    code: 'DATA_WRONG_KIND',
    where: path,
    expected: 'a column of PNG or JPEG bytes, or of { bytes, path }',
    got: `columns ${schema.children.map(({ element }) => element.name).join(', ')}`,
    fix: 'Read it as a table (--data table:PATH), or write the images into a column.',
  });
}
