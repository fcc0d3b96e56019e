/** A folder with MNIST's file names, plain or gzip: the bundled data, Fashion-MNIST and the like. */
import { basename, join } from 'node:path';
import type { TransformOptions } from '../pixels/transform.ts';
import { openArraySource } from './arraySource.ts';
import type { ExampleSource } from './exampleSource.ts';
import { labelNames } from './siblings.ts';

/** `train-images-idx3-ubyte`, also with `.idx3` as some unpackers write it. */
const imagesName = (part: 'train' | 't10k'): RegExp =>
  new RegExp(`^${part}-images[-.]idx[34]-ubyte(\\.gz)?$`);

/** The paths of a folder that has such names; undefined where it has no train images. */
export interface MnistPaths {
  readonly train: string;
  readonly test: string | undefined;
}

export function findMnist(folder: string, names: readonly string[]): MnistPaths | undefined {
  const find = (part: 'train' | 't10k'): string | undefined => {
    const name = [...names].sort().find((each) => imagesName(part).test(each));
    return name === undefined ? undefined : join(folder, name);
  };
  const train = find('train');
  return train === undefined ? undefined : { train, test: find('t10k') };
}

/** Opens one of the two, with its labels where the folder has them. */
export async function openMnistPart(
  folder: string,
  names: readonly string[],
  images: string,
  options: TransformOptions,
): Promise<ExampleSource> {
  const labels = labelNames(basename(images)).find((name) => names.includes(name));
  const labelsPath = labels === undefined ? undefined : join(folder, labels);
  return openArraySource(images, labelsPath, options);
}
