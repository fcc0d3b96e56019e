/** Which file holds the labels of an image file: the customary names. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './fileErrors.ts';

/**
 * Names to look for beside `name`, best first:
 *   train-images-idx3-ubyte(.gz)  ->  train-labels-idx1-ubyte(.gz)
 *   kmnist-train-imgs.npz  ->  kmnist-train-labels.npz
 *   digits.npy  ->  digits.labels.npy;   X.npy, X_train.npy  ->  y.npy, y_train.npy
 */
export function labelNames(name: string): readonly string[] {
  const plain = name.replace(/\.gz$/, '');
  const names: string[] = [];
  if (plain.includes('images')) {
    names.push(plain.replace('images', 'labels').replace(/([-.])idx[2-4]/, '$1idx1'));
  }
  if (plain.endsWith('.npz')) {
    names.push(...['images', 'imgs'].map((word) => plain.replace(word, 'labels')));
    return names.filter((each) => each !== plain);
  }
  if (plain.endsWith('.npy')) {
    names.push(plain.replace(/\.npy$/, '.labels.npy'));
    if (/^[Xx]([._-])/.test(plain)) names.push(`y${plain.slice(1)}`);
  }
  const asNamed = plain !== name;
  return names.flatMap((each) => (asNamed ? [`${each}.gz`, each] : [each, `${each}.gz`]));
}

/** The first of `labelNames` that exists. */
export async function findLabels(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  try {
    const present = new Set(await readdir(folder));
    const found = labelNames(basename(path)).find((name) => present.has(name));
    return found === undefined ? undefined : join(folder, found);
  } catch (error) {
    throw fileError(folder, error);
  }
}
