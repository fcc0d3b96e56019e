/** Paths that cannot be written, refused before the work whose result would be lost. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RunError } from '../errors.ts';

/**
 * Folders that are missing will be made. A disk that is full or a folder that goes away shows at the end only.
 * @param where the flag that named it
 * @throws RunError where a folder stands in its place, or it cannot lie where it is to
 */
export function checkOutput(path: string, where: string): void {
  if (isFolder(path)) throw unwritable(path, where, 'a folder of that name');
  let above = dirname(resolve(path));
  while (!existsSync(above)) above = dirname(above);
  if (!isFolder(above)) throw unwritable(path, where, `${above}, a file, where a folder should be`);
  try {
    accessSync(above, constants.W_OK);
  } catch {
    throw unwritable(path, where, `${above}, a folder that may not be written to`);
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function unwritable(path: string, flag: string, got: string): RunError {
  return new RunError({
    code: 'RUN_WRITE_FAILED',
    where: path,
    expected: `a file that can be written (${flag})`,
    got,
    fix: 'Name another file.',
  });
}
