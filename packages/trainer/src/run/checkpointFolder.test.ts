import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  newestCheckpoint,
  listCheckpoints,
  readCheckpoint,
  writeBestCheckpoint,
  writeCheckpoint,
} from './checkpointFolder.ts';
import { exampleCheckpoint } from './testing/examples.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

describe('a folder of checkpoints', () => {
  it('keeps the newest and the best', async () => {
    await writeBestCheckpoint(folder, exampleCheckpoint(1));
    for (const step of [1, 2, 30, 100_000_000]) {
      await writeCheckpoint(folder, exampleCheckpoint(step), 2);
    }
    const names = await readdir(folder);
    expect(names.sort()).toEqual([
      'best.safetensors',
      'step-00000030.safetensors',
      'step-100000000.safetensors',
    ]);
  });

  it('finds the latest by its step, and lists the best last', async () => {
    const best = await writeBestCheckpoint(folder, exampleCheckpoint(1));
    const older = await writeCheckpoint(folder, exampleCheckpoint(99_999_999), 3);
    const latest = await writeCheckpoint(folder, exampleCheckpoint(100_000_000), 3);
    expect(await newestCheckpoint(folder)).toBe(latest);
    expect(await readCheckpoint(latest)).toEqual(exampleCheckpoint(100_000_000));
    expect(await listCheckpoints(folder)).toEqual([older, latest, best]);
  });

  it('replaces a checkpoint of the same step', async () => {
    await writeCheckpoint(folder, { ...exampleCheckpoint(1), state: 'old' }, 3);
    const path = await writeCheckpoint(folder, { ...exampleCheckpoint(1), state: 'new' }, 3);
    expect((await readCheckpoint(path)).state).toBe('new');
  });

  it('copies the tensors before it first waits', async () => {
    const data = Float32Array.of(1);
    const parameters = [{ name: 'a', shape: [1], data }];
    const written = writeCheckpoint(folder, { ...exampleCheckpoint(), parameters, moments: {} }, 1);
    data[0] = 2;
    expect((await readCheckpoint(await written)).parameters[0]?.data[0]).toBe(1);
  });

  it('clears what a killed process left, and nothing else', async () => {
    await writeFile(join(folder, '.step-1.safetensors.999999999-0.tmp'), 'half');
    await writeFile(join(folder, 'notes.tmp'), 'mine');
    await writeCheckpoint(folder, exampleCheckpoint(1), 1);
    expect((await readdir(folder)).sort()).toEqual(['notes.tmp', 'step-00000001.safetensors']);
  });

  it.each([
    ['mask.png', '\x89PNG\r\n\x1a\n...', 'another file, which begins with 89 50 4e 47'],
    ['notes.txt', 'notes', 'another file, which begins with 6e 6f 74 65'],
    ['empty', '', 'an empty file'],
  ])('tells what is none from a damaged one: %s', async (name, content, got) => {
    const path = join(folder, name);
    await writeFile(path, content, 'latin1');
    await expect(readCheckpoint(path)).rejects.toMatchObject({
      code: 'CHECKPOINT_NONE',
      where: path,
      got,
    });
    const damaged = join(folder, 'step-00000001.safetensors');
    await writeFile(damaged, 'no tensors at all', 'latin1');
    await expect(readCheckpoint(damaged)).rejects.toMatchObject({ code: 'CHECKPOINT_CORRUPT' });
  });

  it('says where it is cut short', async () => {
    const path = await writeCheckpoint(folder, exampleCheckpoint(1), 1);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    await expect(readCheckpoint(path)).rejects.toMatchObject({
      code: 'CHECKPOINT_TRUNCATED',
      where: path,
      expected: `at least ${bytes.length} bytes`,
    });
  });

  it.each(['', 'no such folder'])('says when there is none (%j)', async (name) => {
    const path = join(folder, name);
    expect(await newestCheckpoint(path)).toBeUndefined();
    expect(await listCheckpoints(path)).toEqual([]);
    const error = { code: 'CHECKPOINT_UNREADABLE', where: path };
    await expect(readCheckpoint(path)).rejects.toMatchObject(error);
  });
});
