import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunError } from '../errors.ts';
import { openMetricsLog } from './metricsLog.ts';
import { checkNoRun, createRunFolder, defaultRunPath, runFolderAt, runName } from './runFolder.ts';
import { openTensorboard } from './tensorboard.ts';
import { exampleConfig } from './testing/examples.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(root, { recursive: true }));

describe('createRunFolder', () => {
  it('makes the folder, its parents, and config.json', async () => {
    const run = await createRunFolder(join(root, 'a/b'), exampleConfig);
    expect(run.path).toBe(join(root, 'a/b'));
    expect(JSON.parse(await readFile(run.config, 'utf8'))).toEqual(exampleConfig);
    expect((await readdir(run.path)).sort()).toEqual(['checkpoints', 'config.json', 'pictures']);
    expect(run.picture('samples', 3)).toBe(join(run.pictures, 'samples-epoch-0003.png'));
  });

  it('gives one of two runs that begin at once the folder, and takes nothing from it', async () => {
    for (let attempt = 0; attempt < 20; attempt++) {
      const path = join(root, `at-once-${attempt}`);
      const both = [createRunFolder(path, exampleConfig), createRunFolder(path, exampleConfig)];
      const results = await Promise.allSettled(both);
      const failed = results.filter((result) => result.status === 'rejected');
      expect(failed.map(({ reason }) => (reason as RunError).code)).toEqual(['RUN_FOLDER_TAKEN']);
      expect((await readdir(path)).sort()).toEqual(['checkpoints', 'config.json', 'pictures']);
    }
  });

  it('takes a folder that holds other things', async () => {
    await writeFile(join(root, 'notes.txt'), '');
    await createRunFolder(root, exampleConfig);
    expect(existsSync(join(root, 'config.json'))).toBe(true);
  });

  it('refuses a folder with a run in it, and says how to continue that', async () => {
    const run = await createRunFolder(root, exampleConfig);
    expect(() => checkNoRun(root)).toThrow('no checkpoint yet: delete it');
    await writeFile(join(run.checkpoints, 'step-00000001.safetensors'), '');
    const error = expect.objectContaining({
      code: 'RUN_FOLDER_TAKEN',
      where: root,
      got: 'one that holds config.json',
      fix: expect.stringContaining(`--resume ${root}`) as string,
    }) as RunError;
    expect(() => checkNoRun(root)).toThrow(error);
    await expect(createRunFolder(root, exampleConfig)).rejects.toEqual(error);
  });

  it('refuses a path under a file, and leaves nothing behind', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(createRunFolder(join(root, 'file/run'), exampleConfig)).rejects.toMatchObject({
      code: 'RUN_FOLDER_NOT_WRITABLE',
      where: join(root, 'file/run'),
    });
    expect(await readdir(root)).toEqual(['file']);
  });

  it('removes what it made when it cannot finish', async () => {
    const unserialisable = { ...exampleConfig, seed: 1n as unknown as number };
    await expect(createRunFolder(join(root, 'a/b'), unserialisable)).rejects.toMatchObject({
      code: 'RUN_FOLDER_NOT_WRITABLE',
    });
    expect(await readdir(root)).toEqual([]);
  });

  it('leaves a folder of the user alone when it cannot finish', async () => {
    await writeFile(join(root, 'notes.txt'), '');
    const unserialisable = { ...exampleConfig, seed: 1n as unknown as number };
    await expect(createRunFolder(root, unserialisable)).rejects.toThrow();
    expect(await readdir(root)).toEqual(['notes.txt']);
  });

  it.each(['runs/new', '.'])(
    'can be removed again with all that the run wrote (%s)',
    async (at) => {
      await writeFile(join(root, 'notes.txt'), '');
      const run = await createRunFolder(join(root, at), exampleConfig);
      openMetricsLog(run.metrics).close();
      openTensorboard(run.path).close();
      await writeFile(run.picture('samples', 1), '');
      await run.remove();
      expect(await readdir(root)).toEqual(['notes.txt']);
    },
  );
});

describe('defaultRunPath', () => {
  const now = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678));

  it('is the preset and the time', () => {
    expect(defaultRunPath(exampleConfig, now)).toBe(join('runs', 'mlp-20260102T030405Z'));
  });

  it('is the name of the model file and the time', () => {
    const config = { ...exampleConfig, model: { kind: 'file', path: '/m/my.model.ts' } as const };
    expect(defaultRunPath(config, now, root)).toBe(join(root, 'my.model-20260102T030405Z'));
  });

  it('gives runs of one second a number', async () => {
    const first = defaultRunPath(exampleConfig, now, root);
    await mkdir(first);
    expect(defaultRunPath(exampleConfig, now, root)).toBe(`${first}-2`);
  });
});

it('runFolderAt touches nothing', () => {
  expect(existsSync(runFolderAt(join(root, 'new')).path)).toBe(false);
});

it.each([
  ['runs/mlp-1/checkpoints/best.safetensors', 'mlp-1'],
  ['kept/best.safetensors', 'best'],
])('%s is of run %s', (checkpoint, name) => {
  expect(runName(checkpoint)).toBe(name);
});
