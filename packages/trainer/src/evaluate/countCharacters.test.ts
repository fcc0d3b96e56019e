import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openData, type ReadSettings } from '@lockstep/data';
import { afterAll, expect, it } from 'vitest';
import { countCharacters } from './countCharacters.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-characters-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LINE = 'to be or not 😀 to be';
const CHARACTERS = [...LINE].length;

async function counted(test: string, read: ReadSettings = {}): Promise<number> {
  const [train, held] = [join(folder, 'train.txt'), join(folder, 'test.txt')];
  writeFileSync(train, `${LINE}\n`.repeat(3));
  writeFileSync(held, test);
  const data = await openData(train, { test: held, read });
  return countCharacters(data, 'test').finally(() => data.close());
}

it('counts the characters of each line, and its end', async () => {
  expect(await counted(`${LINE}\nto\n`)).toBe(CHARACTERS + 1 + 2 + 1);
});

it('counts characters where a token is more than one', async () => {
  const read = { unit: 'byte-pair', vocabularySize: 40, tokens: 30 };
  expect(await counted(`${LINE}\nto\n`, read)).toBe(CHARACTERS + 1 + 2 + 1);
});

it('counts a character that the vocabulary does not have', async () => {
  expect(await counted('t€\n')).toBe(2 + 1);
});

it('counts what is left of a line that is cut off, which has no end', async () => {
  expect(await counted('to be or\nto\n', { tokens: 5 })).toBe(5 + 2 + 1);
});

it('counts windows whole, and the end of a last one that is shorter', async () => {
  expect(await counted('to be or\nto', { by: 'window', characters: 8 })).toBe(8 + 3 + 1);
});
