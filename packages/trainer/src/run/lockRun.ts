/**
 * One process at a time writes a run. The file `lock` in its folder names that process; the lock of a
 * process that was killed is taken over.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { RunError } from '../errors.ts';
import { writeFailed } from './writeFailed.ts';

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/** The locks of this process, which may train several runs. */
const held = new Set<string>();

/**
 * Resolves with a function that gives the run free again.
 * @throws RunError where another process writes this run, or the folder cannot be written
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const path = join(resolve(folder), 'lock');
  const content = JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner);
  while (!(await createFile(path, content))) {
    const found = await readIfThere(path);
    if (found !== undefined && isInUse(path, found)) throw busy(folder, path, found);
    if (found !== undefined) await removeStale(path, found);
  }
  held.add(path);
  return async () => {
    held.delete(path);
    await rm(path, { force: true });
  };
}

/** False where there is such a file already. */
async function createFile(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw writeFailed(path, error);
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isInUse(path: string, content: string): boolean {
  const owner = parseOwner(content);
  // Being written at this moment, or on another host: nothing can be said of it from here.
  if (owner === undefined || owner.host !== hostname()) return true;
  // A process before this one may have had the same number.
  if (owner.pid === process.pid) return held.has(path);
  try {
    return process.kill(owner.pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Moved away first: of two processes that found the same stale lock, one moves it. */
async function removeStale(path: string, content: string): Promise<void> {
  const moved = `${path}-stale-${process.pid}`;
  try {
    await rename(path, moved);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw writeFailed(path, error);
  }
  const movedContent = await readFile(moved, 'utf8');
  // The other was faster, and this is its new lock.
  if (movedContent !== content) await createFile(path, movedContent);
  await rm(moved, { force: true });
}

function parseOwner(content: string): Owner | undefined {
  try {
    return JSON.parse(content) as Owner;
  } catch {
    return undefined;
  }
}

function busy(folder: string, path: string, content: string): RunError {
  const owner = parseOwner(content);
  const process = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new RunError({
    code: 'RUN_BUSY',
    where: folder,
    expected: 'a run that no other process is writing',
    got: `one that ${process} has`,
    fix: `Wait for it to end, or stop it. If there is no such process any more, delete ${path}.`,
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
