/**
 * Images and arrays by a path:
 *   a folder   with MNIST's file names (plain or .gz); or of PNG/JPEG images, whose subfolders, where
 *              there are some, are the classes; or with train/ and test/ of such images;
 *   a file     IDX or NPY (plain or gzip), labels from a sibling file (siblings.ts).
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../errors.ts';
import type { DataFormat } from '../format.ts';
import type { TransformOptions } from '../pixels/transform.ts';
import { openArraySource } from './arraySource.ts';
import { fitted, type ExampleSource } from './exampleSource.ts';
import { fileError } from './fileErrors.ts';
import { listFolder } from './imageList.ts';
import { openImageSource } from './imageSource.ts';
import { findMnist, openMnistPart } from './mnistFolder.ts';
import type { OpenedPath } from './openSource.ts';
import { findLabels } from './siblings.ts';

/** `format`: that of the data a model was trained on. */
export async function openImages(
  path: string,
  options: TransformOptions,
  format?: DataFormat,
): Promise<OpenedPath> {
  const stats = await stat(path).catch((error: unknown) => {
    throw fileError(path || 'the path ""', error);
  });
  if (!stats.isDirectory()) {
    const labels = await findLabels(path);
    return { train: fitted(await openArraySource(path, labels, options)) };
  }
  const { files, folders } = await listFolder(path);
  const mnist = findMnist(path, files);
  if (mnist) {
    const { test } = mnist;
    return {
      train: fitted(await openMnistPart(path, files, mnist.train, options)),
      ...(test !== undefined && {
        test: (trained) => openMnistPart(path, files, test, asTrained(trained, options)),
      }),
    };
  }
  const openFolder = (folder: string, trained?: ExampleSource): Promise<ExampleSource> => {
    const read = trained ? asTrained(trained, options) : options;
    return openImageSource(folder, read, classNamesOf(trained?.format ?? format));
  };
  if (folders.includes('train') && folders.includes('test')) {
    return {
      train: fitted(await openFolder(join(path, 'train'))),
      test: (trained) => openFolder(join(path, 'test'), trained),
    };
  }
  if (folders.includes('train') && folders.every((name) => partNames.has(name))) {
    throw unknownPair(path, folders);
  }
  return { train: fitted(await openFolder(path)) };
}

/** Grey images among the test data of a model for color lose nothing by becoming color. */
export function asTrained(
  { shape }: Pick<ExampleSource, 'shape'>,
  options: TransformOptions,
): TransformOptions {
  const isRgb = shape.length === 3 && shape[2] === 3;
  return options.color === undefined && isRgb ? { ...options, color: 'rgb' } : options;
}

function classNamesOf(format: DataFormat | undefined): readonly string[] | undefined {
  return format?.kind === 'image' ? format.classNames : undefined;
}

/** Folder names that say "a part", not "a class". */
const partNames = new Set(['train', 'val', 'valid', 'validation', 'dev']);

function unknownPair(path: string, folders: readonly string[]): DataError {
  return new DataError({
    code: 'DATA_AMBIGUOUS',
    where: path,
    expected: 'train/ and test/, or one folder for each class',
    got: `${folders.map((name) => `${name}/`).join(', ')}`,
    fix: `Name the parts yourself: --data ${join(path, 'train')} --test-data FOLDER.`,
  });
}
