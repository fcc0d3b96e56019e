import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolders } from './makeFolders.ts';

const base = mkdtempSync(join(tmpdir(), 'lockstep-folders-'));
afterAll(() => rmSync(base, { recursive: true }));

it('makes what is missing and says where it began', async () => {
  expect(await makeFolders(join(base, 'a', 'b', 'c'))).toBe(join(base, 'a'));
  expect(existsSync(join(base, 'a', 'b', 'c'))).toBe(true);
  expect(await makeFolders(join(base, 'a', 'b', 'd'))).toBe(join(base, 'a', 'b', 'd'));
  expect(await makeFolders(join(base, 'a'))).toBeUndefined();
});

it('fails below a file', async () => {
  writeFileSync(join(base, 'file'), '');
  await expect(makeFolders(join(base, 'file', 'x'))).rejects.toThrow();
});

it.runIf(process.platform === 'linux')(
  'fails in /proc, where the recursive mkdir never ends',
  async () => {
    await expect(makeFolders('/proc/lockstep/run')).rejects.toThrow('ENOENT');
  },
);
