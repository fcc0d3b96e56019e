/** The files of one use, before its work: what it writes takes the place of what was there, which is then lost. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '../errors.ts';

export interface NamedFile {
  /** Undefined: none was asked for. */
  readonly path: string | undefined;
  /** The flag that names it. */
  readonly where: string;
}

/**
 * @param inputs paths of what is read; undefined: nothing
 * @throws ConfigError where an output is one of them, or the same file as another output
 */
export function checkFiles(
  outputs: readonly NamedFile[],
  inputs: readonly (string | undefined)[],
): void {
  const read = new Set(inputs.flatMap((path) => (path === undefined ? [] : [identityOf(path)])));
  const written = new Map<string, string>();
  for (const { path, where } of outputs) {
    if (path === undefined) continue;
    const file = identityOf(path);
    if (read.has(file)) throw isInput(path, where);
    const other = written.get(file);
    if (other !== undefined) throw isOther(path, where, other);
    written.set(file, where);
  }
}

/** The same for all names of a file. Why a path is bad is for its reader or writer to say. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return resolve(path);
  }
}

function isInput(path: string, where: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_OUT_IS_INPUT',
    where,
    expected: 'another file than the one that is read',
    got: path,
    fix: 'Name another file: what was in this one would be lost.',
  });
}

function isOther(path: string, where: string, other: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_SAME_OUTPUT',
    where,
    expected: `another file than that of ${other}`,
    got: path,
    fix: 'Name another file: one of the two would be lost.',
  });
}
