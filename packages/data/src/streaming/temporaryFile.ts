/**
 * A file in the system's folder for temporary files (TMPDIR) that has no name from the moment it is open, so it
 * is gone when its process is, however that ends.
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../errors.ts';

/** The operating system takes no more than 2 GiB at a time. */
const MOST_BYTES = 1 << 30;

/** Throws DATA_NOT_SPOOLED. @param where the data that is written to it, for messages */
export async function openTemporary(where: string): Promise<FileHandle> {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-spool-'));
    try {
      return await open(join(folder, 'examples'), 'wx+');
    } finally {
      await rm(folder, { recursive: true });
    }
  } catch (error) {
    throw notWritten(where, error);
  }
}

/** A disk that is nearly full takes a part. */
export async function writeFully(
  file: FileHandle,
  from: Uint8Array,
  position: number,
): Promise<void> {
  for (let at = 0; at < from.length;) {
    const { bytesWritten } = await file.write(from, at, from.length - at, position + at);
    at += bytesWritten;
  }
}

export async function readFully(
  file: FileHandle,
  into: Uint8Array,
  position: number,
): Promise<void> {
  for (let at = 0; at < into.length;) {
    const length = Math.min(into.length - at, MOST_BYTES);
    const { bytesRead } = await file.read(into, at, length, position + at);
    if (bytesRead === 0) throw new Error('a temporary file is shorter than it was');
    at += bytesRead;
  }
}

export function notWritten(where: string, cause: unknown): DataError {
  return new DataError(
    {
      code: 'DATA_NOT_SPOOLED',
      where,
      expected: `room in ${tmpdir()} for its examples, since they are more than the memory limit`,
      got: cause instanceof Error ? cause.message : String(cause),
      fix: 'Make room, name another folder for temporary files (TMPDIR), or raise --memory-limit.',
    },
    { cause },
  );
}
