/**
 * Examples in an NPZ file. Which array is which is told by its name, as the common files of this kind
 * write them:
 *   x, images, data, arr_0                                   all of it, with y, labels, targets
 *   x_train, train_images; x_test, test_images; x_val, ...   parts, each with labels named alike
 * An archive with one array holds the examples, whatever its name.
 */
import { DataError } from '../errors.ts';
import type { TransformOptions } from '../pixels/transform.ts';
import type { ArrayFile } from './arrayFile.ts';
import { arrayExamples } from './arraySource.ts';
import type { ExampleSource } from './exampleSource.ts';
import { openNpz } from './npzFile.ts';
import { findLabels } from './siblings.ts';

export interface NpzParts {
  readonly train: ExampleSource;
  readonly validation: ExampleSource | undefined;
  readonly test: ExampleSource | undefined;
}

const values = ['x', 'images', 'image', 'imgs', 'data', 'arr_0'] as const;
const labels = ['y', 'labels', 'label', 'targets', 'target'] as const;
const partNames = {
  train: ['train'],
  validation: ['val', 'valid', 'validation', 'dev'],
  test: ['test'],
} as const;

type Arrays = ReadonlyMap<string, ArrayFile>;

export async function openNpzSource(path: string, options: TransformOptions): Promise<NpzParts> {
  const arrays = await openNpz(path);
  const find = (part: keyof typeof partNames) => openPart(arrays, part, options);
  const train = await find('train');
  if (train) return { train, validation: await find('validation'), test: await find('test') };
  const whole = pick(arrays, values) ?? onlyOne(arrays);
  if (!whole) throw unknownNames(path, [...arrays.keys()]);
  const own = pick(arrays, labels) ?? (await openLabels(path));
  return {
    train: await arrayExamples(whole, own, options),
    validation: undefined,
    test: undefined,
  };
}

async function openPart(
  arrays: Arrays,
  part: keyof typeof partNames,
  options: TransformOptions,
): Promise<ExampleSource | undefined> {
  const named = (names: readonly string[]): ArrayFile | undefined =>
    pick(
      arrays,
      names.flatMap((name) => partNames[part].flatMap((p) => [`${name}_${p}`, `${p}_${name}`])),
    );
  const file = named(values);
  return file && arrayExamples(file, named(labels), options);
}

/** The first of these names, whatever their case. */
function pick(arrays: Arrays, names: readonly string[]): ArrayFile | undefined {
  for (const name of names) {
    const key = [...arrays.keys()].find((each) => each.toLowerCase() === name);
    if (key !== undefined) return arrays.get(key);
  }
  return undefined;
}

function onlyOne(arrays: Arrays): ArrayFile | undefined {
  const [first, second] = arrays.values();
  return second ? undefined : first;
}

/** From an archive of its own beside it. */
async function openLabels(path: string): Promise<ArrayFile | undefined> {
  const beside = await findLabels(path);
  if (beside === undefined) return undefined;
  const arrays = await openNpz(beside);
  return pick(arrays, [...labels, 'arr_0']) ?? onlyOne(arrays);
}

function unknownNames(path: string, names: readonly string[]): DataError {
  return new DataError({
    code: 'DATA_AMBIGUOUS',
    where: path,
    expected: 'an array named x, images or data, or x_train and x_test',
    got: names.length === 0 ? 'no NPY file' : names.join(', '),
    fix: 'Save it as numpy.savez(path, x=images, y=labels).',
  });
}
