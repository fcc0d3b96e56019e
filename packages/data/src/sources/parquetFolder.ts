/** Parquet files in a folder, or in its `data/`: `train-00000-of-00002.parquet` and the like. */
import { join } from 'node:path';
import type { TransformOptions } from '../pixels/transform.ts';
import { asTrained } from './asTrained.ts';
import { fitted, type ExampleSource } from './exampleSource.ts';
import { listFolder } from './imageList.ts';
import type { OpenedPath } from './openedPath.ts';

/** Paths of the files of each part. */
export interface Shards {
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
}

/** Undefined where there are none to train on. */
export async function findShards(
  folder: string,
  files: readonly string[],
  folders: readonly string[],
): Promise<Shards | undefined> {
  const own = shardsIn(folder, files);
  if (own || !folders.includes('data')) return own;
  const inner = join(folder, 'data');
  return shardsIn(inner, (await listFolder(inner)).files);
}

function shardsIn(folder: string, names: readonly string[]): Shards | undefined {
  const parquet = names.filter((name) => /\.parquet$/i.test(name)).sort();
  const of = (pattern: RegExp): string[] =>
    parquet.filter((name) => pattern.test(name)).map((name) => join(folder, name));
  const shards = {
    train: of(/^train\b/i),
    validation: of(/^(validation|valid|val|dev)\b/i),
    test: of(/^test\b/i),
  };
  return shards.train.length > 0 ? shards : undefined;
}

export async function openShards(
  folder: string,
  { train, validation, test }: Shards,
  options: TransformOptions,
  classes: readonly string[] | undefined,
): Promise<OpenedPath> {
  const { openParquetImages } = await import('../parquet/parquetImages.ts');
  const later = (paths: readonly string[]) => (trained: ExampleSource) => {
    const names = trained.format.kind === 'image' ? trained.format.classNames : undefined;
    return openParquetImages(folder, paths, asTrained(trained, options), names);
  };
  return {
    train: fitted(await openParquetImages(folder, train, options, classes)),
    ...(validation.length > 0 && { validation: later(validation) }),
    ...(test.length > 0 && { test: later(test) }),
  };
}
