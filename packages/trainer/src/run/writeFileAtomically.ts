/**
 * Writes a file so that its path holds the old content or all of the new, whatever happens: to a
 * temporary file in the same folder, synced, then renamed over the path, then the folder synced.
 */
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFailed } from './writeFailed.ts';

const TEMPORARY = /^\..+\.(\d+)-\d+\.tmp$/;
let count = 0;

/** A temporary file that another process, since killed, left behind in a folder only we write. */
export function isLeftOver(name: string): boolean {
  const pid = TEMPORARY.exec(name)?.[1];
  return pid !== undefined && Number(pid) !== process.pid;
}

export async function writeFileAtomically(path: string, content: Uint8Array | string) {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${count++}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeFailed(path, error);
  }
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
