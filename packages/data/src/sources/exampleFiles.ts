/**
 * Which file each example was read from, where a source is a folder of files. Nothing is held beside what the source
 * has: names are made as they are asked for.
 */
import { basename, relative, sep } from 'node:path';

export interface ExampleFiles {
  /** Path in the source's folder, with forward slashes on every system. */
  pathOf(example: number): string;
  /** Where recordings are cut into examples: where this one begins, in seconds. */
  startOf?(example: number): number;
}

/** `path`, that lies in `folder`, as seen from it; of the folder itself, which is a file then, its name. */
export function pathInside(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/') || basename(path);
}

/** Of the examples at these positions (undefined: all), by their numbers among them. */
export function filesAt(files: ExampleFiles, positions: Uint32Array | undefined): ExampleFiles {
  if (!positions) return files;
  const at = (example: number): number => positions[example] ?? 0;
  const { startOf } = files;
  return {
    pathOf: (example) => files.pathOf(at(example)),
    ...(startOf && { startOf: (example) => startOf(at(example)) }),
  };
}
