import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelReference } from '../config/modelReference.ts';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { writeCheckpoint } from './checkpointFolder.ts';
import { readLatestCheckpoint } from './latestCheckpoint.ts';
import { exampleCheckpoint, exampleConfig } from './testing/examples.ts';

let run: string;
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), 'lockstep-'));
  await mkdir(join(run, 'checkpoints'));
});
afterEach(() => rm(run, { recursive: true }));

const write = async (config: ResolvedConfig | string) =>
  writeFile(join(run, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));

const preset = (name: string, latentDim: number): ModelReference => ({
  kind: 'preset',
  name,
  options: { latentDim, klWeight: 1 },
});

describe('readLatestCheckpoint', () => {
  it('reads the newest', async () => {
    await write(exampleConfig);
    await writeCheckpoint(join(run, 'checkpoints'), exampleCheckpoint(9), 3);
    await writeCheckpoint(join(run, 'checkpoints'), exampleCheckpoint(10), 3);
    expect((await readLatestCheckpoint(run)).checkpoint.step).toBe(10);
  });

  it('refuses a checkpoint of another model than the folder is of', async () => {
    await write({ ...exampleConfig, model: preset('conv', 2) });
    const other = {
      ...exampleCheckpoint(1),
      config: { ...exampleConfig, model: preset('mlp', 20) },
    };
    const path = await writeCheckpoint(join(run, 'checkpoints'), other, 3);
    await expect(readLatestCheckpoint(run)).rejects.toMatchObject({
      code: 'CHECKPOINT_MODEL_MISMATCH',
      where: path,
      expected: 'a checkpoint of the model in config.json, preset conv (latentDim 2, klWeight 1)',
      got: 'one of preset mlp (latentDim 20, klWeight 1)',
    });
  });

  it('says of a run without a checkpoint how to begin again', async () => {
    await write(exampleConfig);
    await expect(readLatestCheckpoint(run)).rejects.toMatchObject({
      code: 'CHECKPOINT_NONE',
      where: run,
      got: 'a run without one',
      fix: expect.stringContaining('delete the folder') as string,
    });
  });

  it.each([
    ['', 'a folder without a run'],
    ['missing', 'no such folder'],
  ])('says what is wrong with a folder that is no run (%j)', async (name, got) => {
    const path = join(run, name);
    const error = { code: 'CHECKPOINT_NONE', where: path, got };
    await expect(readLatestCheckpoint(path)).rejects.toMatchObject(error);
  });

  it('names a config.json that is broken', async () => {
    await write('{"model":');
    await writeCheckpoint(join(run, 'checkpoints'), exampleCheckpoint(1), 3);
    await expect(readLatestCheckpoint(run)).rejects.toMatchObject({
      code: 'RUN_CONFIG_CORRUPT',
      where: join(run, 'config.json'),
    });
  });
});
