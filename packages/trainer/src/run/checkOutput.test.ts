import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkOutput } from './checkOutput.ts';

const root = mkdtempSync(join(tmpdir(), 'lockstep-output-'));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(join(root, 'file'), '');

it.each(['new.csv', 'file', 'a/b/c/new.csv'])('%s can be written', (name) => {
  checkOutput(join(root, name), '--out');
  expect(readdirSync(root)).toEqual(['file']);
});

it.each([
  ['.', 'a folder of that name'],
  ['file/new.csv', 'a file, where a folder should be'],
  ['file/a/b/new.csv', 'a file, where a folder should be'],
])('%s cannot: %s', (name, got) => {
  expect(() => checkOutput(join(root, name), '--plot')).toThrow(
    expect.objectContaining({
      code: 'RUN_WRITE_FAILED',
      where: join(root, name),
      expected: 'a file that can be written (--plot)',
      got: expect.stringContaining(got) as string,
    }),
  );
});
