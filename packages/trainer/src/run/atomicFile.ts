/**
 * A file that appears at its path whole or not at all: written under a temporary name in the same folder,
 * then synced, renamed over the path, and the folder synced. For what is written piece by piece.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFailed } from './writeFailed.ts';

const TEMPORARY = /^\..+\.(\d+)-\d+\.tmp$/;
let count = 0;

export interface AtomicFile {
  readonly path: string;
  /** To write to; its errors are for the caller to say. */
  readonly file: FileHandle;
  /** What was written is on the disk, and no more is. @throws RunError */
  sync(): Promise<void>;
  /** Puts it in its place, synced. @throws RunError */
  commit(): Promise<void>;
  /** Leaves the path as it was. Of no effect after `commit`. */
  discard(): Promise<void>;
}

/** A temporary file that another process, since killed, left behind in a folder only we write. */
export function isLeftOver(name: string): boolean {
  const pid = TEMPORARY.exec(name)?.[1];
  return pid !== undefined && Number(pid) !== process.pid;
}

/** @throws RunError where the folder cannot be written to */
export async function createAtomicFile(path: string): Promise<AtomicFile> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${count++}.tmp`);
  const file = await open(temporary, 'wx').catch((error: unknown) => {
    throw writeFailed(path, error);
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await file.close();
  };
  const discard = async (): Promise<void> => {
    await close();
    await rm(temporary, { force: true });
  };
  const orDiscard = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await discard();
      throw writeFailed(path, error);
    }
  };
  const sync = async (): Promise<void> => {
    if (closed) return;
    await file.sync();
    await close();
  };
  return {
    path,
    file,
    sync: () => orDiscard(sync),
    commit: () =>
      orDiscard(async () => {
        await sync();
        await rename(temporary, path);
        await syncFolder(dirname(path));
      }),
    discard,
  };
}

/** Makes the rename itself durable; Windows neither needs it nor opens folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
