/** Lists the images of a folder, and the class of each where subfolders name classes. */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../errors.ts';
import { fileError } from './fileErrors.ts';
import { noImages } from './noImages.ts';

export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

export interface ImageList {
  /** In a fixed order: by class, then by name. */
  readonly files: readonly string[];
  readonly labels: Int32Array | undefined;
  readonly classNames: readonly string[] | undefined;
}

/** What macOS puts into zip archives beside the files: one for each, of the same name. */
const MAC_COPIES = '__MACOSX';

/** Names of the files and folders in a folder, sorted by code unit; hidden ones are left out. */
export async function listFolder(folder: string): Promise<Listing> {
  try {
    const files: string[] = [];
    const folders: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === MAC_COPIES) continue;
      const target = entry.isSymbolicLink() ? await linked(join(folder, entry.name)) : entry;
      (target.isDirectory() ? folders : files).push(entry.name);
    }
    return { files: files.sort(), folders: folders.sort() };
  } catch (error) {
    throw fileError(folder, error);
  }
}

/** What a symbolic link stands for; an error names the link. */
async function linked(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw fileError(path, error);
  }
}

/**
 * Images directly in `folder`, or in its subfolders, whose names are the classes: numbered in the
 * order of their names (as numbers where all are numbers), or as in `knownClasses`, so that a test
 * folder means the same by a label as its train folder.
 */
export async function listImages(
  folder: string,
  knownClasses: readonly string[] | undefined,
): Promise<ImageList> {
  const { files, folders } = await listFolder(folder);
  const images = files.filter(isImageName);
  if (images.length > 0 && folders.length > 0) throw mixedFolder(folder, images.length);
  if (folders.length === 0) {
    if (images.length === 0) throw noImages(folder, files);
    const paths = images.map((name) => join(folder, name));
    return { files: paths, labels: undefined, classNames: undefined };
  }
  return listClasses(folder, folders, knownClasses);
}

function isImageName(name: string): boolean {
  return /\.(png|jpe?g)$/i.test(name);
}

async function listClasses(
  folder: string,
  folders: readonly string[],
  knownClasses: readonly string[] | undefined,
): Promise<ImageList> {
  const classNames = knownClasses ?? sortClasses(folders);
  const files: string[] = [];
  const labels: number[] = [];
  for (const name of sortClasses(folders)) {
    const label = classNames.indexOf(name);
    const path = join(folder, name);
    if (label < 0) throw unknownClass(path, classNames);
    const listing = await listFolder(path);
    const images = listing.files.filter(isImageName);
    if (images.length === 0) throw emptyClass(path, name, listing.folders);
    for (const image of images) {
      files.push(join(path, image));
      labels.push(label);
    }
  }
  return { files, labels: Int32Array.from(labels), classNames };
}

export function sortClasses(names: readonly string[]): readonly string[] {
  const numeric = names.every((name) => /^\d+$/.test(name));
  return numeric ? [...names].sort((a, b) => Number(a) - Number(b)) : [...names].sort();
}

function emptyClass(path: string, name: string, folders: readonly string[]): DataError {
  const first = folders.slice(0, 3).join(', ') + (folders.length > 3 ? ', ...' : '');
  const among = folders.length > 0 ? `, but folders (${first})` : '';
  return new DataError({
    code: 'DATA_EMPTY',
    where: path,
    expected: 'PNG or JPEG images in the folder of each class',
    got: `none in that of class "${name}"${among}`,
    fix:
      folders.length > 0
        ? `Name the folder whose subfolders are the classes, such as ${path}.`
        : 'Put its images there, or remove the folder.',
  });
}

function mixedFolder(folder: string, images: number): DataError {
  return new DataError({
    code: 'DATA_AMBIGUOUS',
    where: folder,
    expected: 'images, or subfolders of images, one for each class',
    got: `both: ${images} images beside subfolders`,
    fix: 'Move the images into a subfolder of their own, or out of the folder.',
  });
}

function unknownClass(path: string, classNames: readonly string[]): DataError {
  const known = classNames.slice(0, 10).join(', ') + (classNames.length > 10 ? ', ...' : '');
  return new DataError({
    code: 'DATA_UNKNOWN_CLASS',
    where: path,
    expected: `a class of the training images (${known || 'they have none'})`,
    got: 'another one',
    fix: 'Give both parts the same class folders.',
  });
}
