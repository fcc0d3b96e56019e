/** The files of CIFAR in their folder. */
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TransformOptions } from '../pixels/transform.ts';
import { findCifar, openCifarSource, type CifarPaths } from './cifar.ts';
import { fitted, type ExampleSource } from './exampleSource.ts';
import type { OpenedPath } from './openedPath.ts';

export async function openCifarFolder(
  folder: string,
  { train, test, classNames }: CifarPaths,
  options: TransformOptions,
): Promise<OpenedPath> {
  return {
    train: fitted(await openCifarSource(folder, train, classNames, options)),
    ...(test !== undefined && { test: () => openCifarSource(test, [test], classNames, options) }),
  };
}

/** One of the files; the names of the classes are beside it. */
export async function openCifarFile(
  path: string,
  options: TransformOptions,
): Promise<ExampleSource> {
  const folder = dirname(path);
  const names = findCifar(folder, await readdir(folder).catch(() => []))?.classNames;
  return openCifarSource(path, [path], names, options);
}
