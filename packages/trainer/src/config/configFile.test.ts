import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { presets } from '@lockstep/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineConfig } from './trainConfig.ts';
import { readConfigFile } from './configFile.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(folder, { recursive: true }));

async function read(name: string, text: string): Promise<unknown> {
  await writeFile(join(folder, name), text);
  return readConfigFile(join(folder, name));
}

describe('a configuration file', () => {
  it.each([
    ['c.json', '{ "optimizer": { "name": "sgd" } }'],
    ['c.yaml', 'optimizer:\n  name: sgd\n'],
    ['c.yml', 'optimizer: { name: sgd }'],
    ['c.mjs', 'export default { optimizer: { name: "sgd" } }'],
    ['c.js', 'export default { optimizer: { name: "sgd" } }'],
    ['c.cjs', 'module.exports = { optimizer: { name: "sgd" } }'],
    ['c.ts', 'const name: string = "sgd"; export default { optimizer: { name } }'],
    ['c.mts', 'export default { optimizer: { name: "sgd" } } satisfies object'],
  ])('%s: %s', async (name, text) => {
    expect(await read(name, text)).toEqual({ optimizer: { name: 'sgd' } });
  });

  it('gets our own packages, wherever it lies', async () => {
    const text = `
      import { defineConfig } from '@lockstep/trainer';
      import { presets } from '@lockstep/core';
      export default [defineConfig, presets.conv];`;
    expect(await read('c.ts', text)).toEqual([defineConfig, presets.conv]);
  });

  it.each([
    ['c.toml', '', 'CONFIG_FILE_TYPE', '.toml'],
    ['c', '', 'CONFIG_FILE_TYPE', 'a name without an extension'],
    ['c.json', '{', 'CONFIG_FILE_FAILED', 'SyntaxError'],
    ['c.yaml', 'a: [', 'CONFIG_FILE_FAILED', 'line 1'],
    ['c.yaml', 'seed: 1\nseed: 2', 'CONFIG_FILE_FAILED', 'Map keys must be unique'],
    ['c.ts', 'export default {', 'CONFIG_FILE_FAILED', 'c.ts:1:16'],
    ['c.ts', 'throw new TypeError("mine")', 'CONFIG_FILE_FAILED', 'TypeError: mine'],
    ['c.ts', 'export const seed = 1', 'CONFIG_NO_DEFAULT_EXPORT', 'exports ["seed"]'],
  ])('%s cannot be read with %j in it', async (name, text, code, got) => {
    await expect(read(name, text)).rejects.toMatchObject({
      code,
      where: join(folder, name),
      got: expect.stringContaining(got) as string,
    });
  });

  it('may be missing', async () => {
    await expect(readConfigFile(join(folder, 'no.ts'))).rejects.toMatchObject({
      code: 'CONFIG_FILE_MISSING',
      where: join(folder, 'no.ts'),
    });
  });
});
