import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { reconstructRun } from './reconstruct.ts';
import { sampleRun } from './sample.ts';

const { done, temporary } = wholeRuns({ train: 20, test: 10 });
const at = (name: string): string => join(temporary, name);
const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const common = { workerEntry, seed: 0 };

it('a text of a model of windows is one line of the file, line ends and backslashes escaped', async () => {
  const path = at('windows.txt');
  writeFileSync(path, 'a\\b\n\n'.repeat(200));
  const settings = { data: path, preset: 'text', read: { by: 'window', characters: 8 } };
  const modelOptions = { latentDim: 2, filters: 8, blocks: 2 };
  const { out: windows } = await done({ ...settings, modelOptions, steps: 2, workers: 1 });
  const [samples, pairs] = [at('sampled.txt'), at('windowed.txt')];
  const sampled = await sampleRun(windows, { ...common, out: samples, count: 20 });
  const told = await reconstructRun(windows, { ...common, out: pairs, count: 3 });
  expect(sampled.texts?.join('')).toContain('\n');
  expect(told.texts?.[0]).toMatch(/\n/);
  const written = [lines(samples), lines(pairs).slice(1)].map((rows) =>
    rows.map((row) => JSON.parse(`"${row.split('\t').at(-1) ?? ''}"`) as string),
  );
  expect(written).toEqual([sampled.texts, told.texts]);
});
