/** Makes a folder and those above it that are missing. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFailed } from './writeFailed.ts';

/**
 * Returns the topmost folder it made, if it made one. Unlike Node's recursive mkdir, it also returns
 * where a file system refuses with "no such file" (/proc does, and Node tries for ever).
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  if (existsSync(path)) return undefined;
  const parent = dirname(path);
  const above = parent === path ? undefined : await makeFolders(parent);
  try {
    await mkdir(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // Else another process was faster, which will do.
    return above;
  }
  return above ?? path;
}

/** The folders that a file is to lie in. @throws RunError */
export async function makeFoldersFor(path: string): Promise<void> {
  try {
    await makeFolders(dirname(path));
  } catch (error) {
    throw writeFailed(path, error);
  }
}
