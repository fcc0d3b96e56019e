import { RunError } from '../errors.ts';

/** A file of the run could not be written: the disk is full, the folder is gone or read-only. */
export function writeFailed(path: string, cause: unknown): RunError {
  return new RunError(
    {
      code: 'RUN_WRITE_FAILED',
      where: path,
      expected: 'a file that can be written',
      got: cause instanceof Error ? cause.message : String(cause),
      fix: 'Check free space and permissions; what was written before is intact.',
    },
    { cause },
  );
}
