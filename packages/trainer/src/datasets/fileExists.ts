import { RunError } from '../errors.ts';

/** Of files that people go on working with: none is written over. */
export function fileExists(path: string): RunError {
  return new RunError({
    code: 'RUN_FILE_EXISTS',
    where: path,
    expected: 'no file of this name: it may have been edited, or be the source itself',
    got: 'one',
    fix: 'Name another place, or remove this file.',
  });
}
