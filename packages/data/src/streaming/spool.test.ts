import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder } from '../testing/files.ts';
import { fileError } from '../sources/fileErrors.ts';
import { spool } from './spool.ts';

const SIZE = 8;
const COUNT = 1000;

/** Example i is eight times i; like a CSV file's, its scan takes every error for one of reading. */
async function scan(take: (rows: Uint8Array, first: number) => void | Promise<void>) {
  try {
    for (let first = 0; first < COUNT; first += 100) {
      const rows = Uint8Array.from({ length: 100 * SIZE }, (_, i) => first + Math.floor(i / SIZE));
      await take(rows, first);
    }
  } catch (error) {
    throw fileError('made up', error);
  }
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function fileHandles(): Promise<FileHandle> {
  const file = await open(join(await temporaryFolder(), 'any'), 'w');
  await file.close();
  return Object.getPrototypeOf(file) as FileHandle;
}

it('reads any examples, however many bytes the disk takes at a time', async () => {
  const handles = await fileHandles();
  const { write } = handles as { write: (...args: unknown[]) => Promise<unknown> };
  vi.spyOn(handles as { write: typeof write }, 'write').mockImplementation(function (
    this: FileHandle,
    ...[buffer, at, length, position]: unknown[]
  ) {
    return write.call(this, buffer, at, Math.min(Number(length), 13), position);
  });
  const spooled = await spool({ where: 'made up', count: COUNT, scan }, SIZE);
  onTestFinished(() => spooled.close());
  const positions = Uint32Array.of(0, 1, 2, 250, 999);
  const target = new Uint8Array(SIZE * positions.length);
  await spooled.read(target, positions);
  const expected = [...positions].flatMap((p) => new Array<number>(SIZE).fill(p % 256));
  expect([...target]).toEqual(expected);
});

it('says so where there is no room, and leaves nothing', async () => {
  const handles = await fileHandles();
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  vi.spyOn(handles, 'write').mockRejectedValue(full);
  const folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  await expectDataError(
    () => spool({ where: 'made up', count: COUNT, scan }, SIZE),
    'DATA_NOT_SPOOLED',
    'no space left',
  );
  expect(await readdir(folder)).toEqual([]);
});

it('says so where there is no folder for temporary files', async () => {
  vi.stubEnv('TMPDIR', '/nowhere/at/all');
  await expectDataError(
    () => spool({ where: 'made up', count: COUNT, scan }, SIZE),
    'DATA_NOT_SPOOLED',
    '/nowhere/at/all',
  );
});

it('tells how far it is, and stops when it is told to, leaving nothing', async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  const stop = new AbortController();
  const told: number[] = [];
  const onSpool = (done: number, count: number): void => {
    expect(count).toBe(COUNT);
    told.push(done);
    if (done === 300) stop.abort(new Error('enough'));
  };
  const options = { signal: stop.signal, onSpool };
  const spooling = spool({ where: 'made up', count: COUNT, scan }, SIZE, options);
  await expect(spooling).rejects.toThrow('enough');
  expect([told, await readdir(folder)]).toEqual([[100, 200, 300], []]);
});
