/** A folder of PNG or JPEG images. Opening it decodes nothing: names, and one image's header. */
import { readFile } from 'node:fs/promises';
import { DataError } from '../errors.ts';
import { brokenImage } from '../images/imageErrors.ts';
import { parseImageHeader, type ImageHeader } from '../images/imageHeader.ts';
import { imageReference } from '../images/imageReference.ts';
import { readWithThreads, type ReadWith } from '../images/readWithThreads.ts';
import { transformedShape, type TransformOptions } from '../pixels/transform.ts';
import { pathInside } from './exampleFiles.ts';
import type { ExampleSource } from './exampleSource.ts';
import { fileError } from './fileErrors.ts';
import { listImages, type ImageList } from './imageList.ts';

export interface ImageSourceOptions extends TransformOptions {
  /** The folder that names of files begin in, of which `folder` may be a part. */
  readonly root: string;
  /** Those of the train part, if this is the test part of a labelled source. */
  readonly knownClasses: readonly string[] | undefined;
}

/** Throws DataError. */
export async function openImageSource(
  folder: string,
  { root, knownClasses, ...options }: ImageSourceOptions,
): Promise<ExampleSource> {
  const list = await listImages(folder, knownClasses);
  const first = list.files[0] ?? '';
  const header = await readHeader(first);
  const { height, width, color } = header;
  const shape = transformedShape(folder, [height, width, color ? 3 : 1], options);
  const { labels, classNames } = list;
  return {
    where: folder,
    shape,
    count: list.files.length,
    valueType: 'uint8',
    format: { kind: 'image', ...(classNames && { classNames }) },
    labels,
    files: { pathOf: (example) => pathInside(root, list.files[example] ?? '') },
    ...readWithThreads(readFiles({ list, first, header, shape, options })),
  };
}

async function readHeader(path: string): Promise<ImageHeader> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  const header = parseImageHeader(bytes);
  if (!header) {
    throw new DataError(brokenImage(path, 'a file that is neither, or cut short'));
  }
  return header;
}

interface ImageFolder {
  readonly list: ImageList;
  readonly first: string;
  readonly header: ImageHeader;
  readonly shape: readonly number[];
  readonly options: TransformOptions;
}

function readFiles({ list, first, header, shape, options }: ImageFolder): ReadWith {
  const reference = imageReference(first, header, options);
  return async (pool, target, positions) => {
    const files = positions
      ? Array.from(positions, (position) => list.files[position] ?? '')
      : list.files;
    await pool.decode({ files, shape, reference, target });
  };
}
