/**
 * Images and arrays by a path:
 *   a folder   with MNIST's or CIFAR's file names (plain or .gz); of Parquet files named train-...,
 *              test-..., validation-...; or of PNG/JPEG images, whose subfolders, where there are some,
 *              are the classes; or with train/ and test/, perhaps validation/, of such images;
 *   a file     IDX or NPY (plain or gzip), labels from a sibling file (siblings.ts); NPZ; one of
 *              CIFAR's; Parquet with a column of images.
 */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError } from '../errors.ts';
import { classNamesOf } from '../format.ts';
import type { TransformOptions } from '../pixels/transform.ts';
import { readSettings } from '../readSettings.ts';
import { asTrained } from './asTrained.ts';
import { findCifar, isCifarName, isCifarSized } from './cifar.ts';
import { openCifarFile, openCifarFolder } from './cifarFolder.ts';
import { openArraySource } from './arraySource.ts';
import { fitted, type ExampleSource } from './exampleSource.ts';
import { fileError } from './fileErrors.ts';
import { listFolder } from './imageList.ts';
import { openImageSource } from './imageSource.ts';
import { findMnist, openMnistPart } from './mnistFolder.ts';
import type { OpenedPath, OpenKind } from './openedPath.ts';
import { openNpzSource } from './npzSource.ts';
import { findShards, openShards } from './parquetFolder.ts';
import { findLabels } from './siblings.ts';

export const openImages: OpenKind = async (path, { options: given, format }) => {
  readSettings('image', given.read, []);
  const options = { ...given, isTrained: format !== undefined };
  const stats = await stat(path).catch((error: unknown) => {
    throw fileError(path || 'the path ""', error);
  });
  const classes = format && classNamesOf(format);
  if (!stats.isDirectory()) return openImageFile(path, options, classes);
  const { files, folders } = await listFolder(path);
  const cifar = findCifar(path, files);
  if (cifar) return openCifarFolder(path, cifar, options);
  const shards = await findShards(path, files, folders);
  if (shards) return openShards(path, shards, options, classes);
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
    const known = trained?.format ?? format;
    const knownClasses = known && classNamesOf(known);
    return openImageSource(folder, { ...read, root: path, knownClasses });
  };
  if (folders.includes('train') && folders.includes('test')) {
    const validation = folders.find((name) => name !== 'train' && partNames.has(name));
    return {
      train: fitted(await openFolder(join(path, 'train'))),
      ...(validation !== undefined && {
        validation: (trained) => openFolder(join(path, validation), trained),
      }),
      test: (trained) => openFolder(join(path, 'test'), trained),
    };
  }
  if (folders.includes('train') && folders.every((name) => partNames.has(name))) {
    throw unknownPair(path, folders);
  }
  return { train: fitted(await openFolder(path)) };
};

async function openImageFile(
  path: string,
  options: TransformOptions,
  classes: readonly string[] | undefined,
): Promise<OpenedPath> {
  if (/\.npz$/i.test(path)) {
    const { train, validation, test } = await openNpzSource(path, options);
    return {
      train: fitted(train),
      ...(validation && { validation: () => Promise.resolve(validation) }),
      ...(test && { test: () => Promise.resolve(test) }),
    };
  }
  if (/\.parquet$/i.test(path)) {
    const { openParquetImages } = await import('../parquet/parquetImages.ts');
    return { train: fitted(await openParquetImages(path, [path], options, classes)) };
  }
  if (isCifarName(basename(path)) || (await isCifarSized(path))) {
    return { train: fitted(await openCifarFile(path, options)) };
  }
  const labels = await findLabels(path);
  return { train: fitted(await openArraySource(path, labels, options)) };
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
