import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openData, type DataOptions } from '@lockstep/data';
import { afterAll, expect, it } from 'vitest';
import { countCharacters } from './countCharacters.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-characters-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each<[string, DataOptions['read'], number]>([
  ['whole lines, with an end each', {}, 11 + 1 + 3 + 1],
  ['what a cut line is left with, without its end', { tokens: 4 }, 4 + 3 + 1],
  [
    'windows, which have no end but where the text ends in one',
    { by: 'window', characters: 8 },
    17,
  ],
  ['characters of byte pairs', { unit: 'byte-pair', vocabularySize: 12 }, 11 + 1 + 3 + 1],
])('counts %s', async (_, read, expected) => {
  const [path, test] = ['train.txt', 'test.txt'].map((name) => join(folder, name));
  writeFileSync(path!, 'to be\nor not to be\n'.repeat(10));
  writeFileSync(test!, 'to be or to\n\nx😀b\n');
  const data = await openData(path!, { read: read!, test: test! });
  expect(await countCharacters(data, 'test')).toBe(expected);
  await data.close();
});
