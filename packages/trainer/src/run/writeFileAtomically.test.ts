import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import type * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeFileAtomically } from './writeFileAtomically.ts';

/** The operation that fails next; every other goes to the real file system. */
let failing: keyof FileHandle | 'open' | 'rename' | undefined;
const calls: string[] = [];

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof fs>();
  const step = (name: typeof failing) => {
    calls.push(String(name));
    if (name === failing) throw new Error(`no space left: ${String(name)}`);
  };
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => {
      step('open');
      const file = await real.open(...args);
      return {
        writeFile: async (content: string) => {
          await file.writeFile(content.slice(0, 2)); // half of it, then the failure
          step('writeFile');
          await file.writeFile(content.slice(2));
        },
        sync: async () => {
          step('sync');
          await file.sync();
        },
        close: async () => {
          await file.close();
          step('close');
        },
      };
    },
    rename: async (...args: Parameters<typeof real.rename>) => {
      step('rename');
      await real.rename(...args);
    },
  };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-'));
  failing = undefined;
  calls.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeFileAtomically', () => {
  it('syncs the file before the rename and the folder after it', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old');
    await writeFileAtomically(path, 'new content');
    expect(await readFile(path, 'utf8')).toBe('new content');
    expect(await readdir(folder)).toEqual(['a.json']);
    const file = ['open', 'writeFile', 'sync', 'close', 'rename'];
    const folderSync = process.platform === 'win32' ? [] : ['open', 'sync', 'close'];
    expect(calls).toEqual([...file, ...folderSync]);
  });

  it.each(['open', 'writeFile', 'sync', 'close', 'rename'] as const)(
    'keeps the old content and leaves nothing behind when %s fails',
    async (operation) => {
      const path = join(folder, 'a.json');
      await writeFile(path, 'old');
      failing = operation;
      await expect(writeFileAtomically(path, 'new content')).rejects.toMatchObject({
        code: 'RUN_WRITE_FAILED',
        where: path,
        got: `no space left: ${operation}`,
      });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['a.json']);
    },
  );

  it('leaves nothing behind when the path is a folder', async () => {
    const path = join(folder, 'taken');
    await mkdir(path);
    await expect(writeFileAtomically(path, 'x')).rejects.toThrow(path);
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
