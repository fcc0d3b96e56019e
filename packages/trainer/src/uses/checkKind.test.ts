import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DataFormat } from '@lockstep/data';
import { afterAll, expect, it } from 'vitest';
import { checkKind } from './checkKind.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-kinds-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (path: string): string => join(folder, path);
for (const file of [
  ...['clips/one/a.wav', 'photos/a.png', 'both/a.wav', 'both/a.jpg', 'other/a.xyz'],
  ...['a.wav', 'a.csv', 'a.csv.gz', 'a.txt', 'a.png', 'a.bin'],
]) {
  mkdirSync(dirname(at(file)), { recursive: true });
  writeFileSync(at(file), 'x');
}

const asRunOn = (kind: DataFormat['kind'], source: string): Promise<void> =>
  checkKind(source, { kind } as DataFormat);

it.each([
  ['image', 'clips', 'sound'],
  ['image', 'a.wav', 'sound'],
  ['image', 'a.csv', 'tables'],
  ['array', 'a.txt', 'text'],
  ['audio', 'a.csv.gz', 'tables'],
  ['audio', 'photos', 'pictures'],
  ['table', 'photos', 'pictures'],
  ['table', 'a.wav', 'sound'],
  ['ratings', 'clips', 'sound'],
  ['text', 'a.csv', 'tables'],
  ['text', 'photos', 'pictures'],
] as const)('a run on %s has no use for %s', async (kind, path, got) => {
  await expect(asRunOn(kind, at(path))).rejects.toMatchObject({
    code: 'CONFIG_DATA_KIND',
    where: '--data',
    got: `${at(path)}, which holds ${got}`,
  });
});

it.each([
  ['image', 'photos'],
  ['array', 'a.png'],
  ['image', 'both'],
  ['audio', 'both'],
  ['audio', 'a.wav'],
  ['table', 'a.txt'],
  ['ratings', 'a.csv'],
  ['text', 'a.txt'],
  ['text', 'a.bin'],
  // What is in them is for the reader to say, and that nothing is there.
  ['image', 'a.bin'],
  ['image', 'other'],
  ['audio', 'nothing'],
] as const)('a run on %s may have %s', async (kind, path) => {
  await asRunOn(kind, at(path));
});

it('what a source is said to be counts, not what it is called', async () => {
  await asRunOn('text', `text:${at('a.csv')}`);
  await asRunOn('image', `array:${at('a.csv')}`);
  await expect(asRunOn('table', `text:${at('a.csv')}`)).rejects.toMatchObject({
    expected: 'tables, as the run was trained on',
    got: `text:${at('a.csv')}, said to be text`,
    fix: 'Name tables, or a run on text.',
  });
  await expect(asRunOn('text', at('a.csv'))).rejects.toMatchObject({
    fix: `Name text, or a run on tables; if it is text all the same, say text:${at('a.csv')}.`,
  });
});
