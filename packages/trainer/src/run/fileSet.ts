/**
 * The files of one result, which appear together: each is written beside its place, and none is put there before all
 * are on the disk.
 */
import type { FileHandle } from 'node:fs/promises';
import { createAtomicFile, type AtomicFile } from './atomicFile.ts';
import { makeFoldersFor } from './makeFolders.ts';
import { writeFailed } from './writeFailed.ts';

export class FileSet {
  readonly #files: AtomicFile[] = [];

  /** A file to write to, whose errors are for the caller to say; folders on the way are made. @throws RunError */
  async create(path: string): Promise<FileHandle> {
    await makeFoldersFor(path);
    const created = await createAtomicFile(path);
    this.#files.push(created);
    return created.file;
  }

  /** A file whose content is all there. @throws RunError */
  async write(path: string, content: Uint8Array | string): Promise<void> {
    const file = await this.create(path);
    await file.writeFile(content).catch((error: unknown) => {
      throw writeFailed(path, error);
    });
  }

  /** Puts all in their places. @throws RunError */
  async commit(): Promise<void> {
    for (const file of this.#files) await file.sync();
    for (const file of this.#files) await file.commit();
  }

  /** Leaves the paths as they were. Of no effect after `commit`. */
  async discard(): Promise<void> {
    for (const file of this.#files) await file.discard();
  }
}

/** All that `work` writes appears when it is done; where it throws, nothing does. @throws RunError, and as `work` */
export async function writeTogether<T>(work: (files: FileSet) => Promise<T>): Promise<T> {
  const files = new FileSet();
  try {
    const result = await work(files);
    await files.commit();
    return result;
  } catch (error) {
    await files.discard();
    throw error;
  }
}
