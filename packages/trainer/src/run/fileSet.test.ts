import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { writeTogether } from './fileSet.ts';

const root = mkdtempSync(join(tmpdir(), 'lockstep-files-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'a'));
  writeFileSync(join(folder, 'first'), 'old');
});
const contents = () =>
  readdirSync(folder).map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8')}`);

it('puts files in their places when all are written, not before', async () => {
  const result = await writeTogether(async (files) => {
    await files.write(join(folder, 'first'), 'new');
    const second = await files.create(join(folder, 'second'));
    await second.writeFile('by ');
    await second.writeFile('pieces');
    expect(readFileSync(join(folder, 'first'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).not.toContain('second');
    return 3;
  });
  expect(result).toBe(3);
  expect(contents()).toEqual(['first: new', 'second: by pieces']);
});

it('leaves all as it was where one cannot be written', async () => {
  const tooLong = 'b'.repeat(250);
  const written = writeTogether(async (files) => {
    await files.write(join(folder, 'first'), 'new');
    await files.write(join(folder, tooLong), 'b');
  });
  await expect(written).rejects.toMatchObject({
    code: 'RUN_WRITE_FAILED',
    where: join(folder, tooLong),
  });
  expect(contents()).toEqual(['first: old']);
});

it('leaves all as it was where the last does not reach the disk', async () => {
  const written = writeTogether(async (files) => {
    await files.write(join(folder, 'first'), 'new');
    const second = await files.create(join(folder, 'second'));
    await second.close();
  });
  await expect(written).rejects.toMatchObject({ code: 'RUN_WRITE_FAILED' });
  expect(contents()).toEqual(['first: old']);
});
