/** What models are used on: the run's own data that is gone, and files that are of another kind. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '@lockstep/data/audio';
import { describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { classifyRun } from './classify.ts';
import { interpolateRun } from './interpolate.ts';
import { reconstructRun } from './reconstruct.ts';
import { traverseRun } from './traverse.ts';

const { done, temporary } = wholeRuns({ train: 60, test: 20 });
const file = (name: string): string => join(temporary, name);

describe("the run's own data, gone", () => {
  it('is named, with what to do about it', async () => {
    const [path, away] = [file('people.csv'), file('away.csv')];
    const rows = Array.from({ length: 60 }, (_, i) => `${i},${i * 1.5},${['cat', 'dog'][i % 2]}`);
    writeFileSync(path, `age,height,kind\n${rows.join('\n')}\n`);
    const { out: run } = await done({
      ...{ data: { source: path, read: { label: 'kind' } }, preset: 'tabular' },
      ...{ steps: 2, batchSize: 20, workers: 1 },
    });
    renameSync(path, away);
    const out = file('out.csv');
    const common = { workerEntry, out };
    const uses = {
      reconstruct: () => reconstructRun(run, { ...common, count: 1, seed: 0 }),
      interpolate: () => interpolateRun(run, { ...common, from: '0', to: '1', steps: 3 }),
      traverse: () => traverseRun(run, { ...common, dims: 1, steps: 3, range: 1 }),
    };
    for (const [use, start] of Object.entries(uses)) {
      await expect(start(), use).rejects.toMatchObject({
        code: 'RUN_DATA_GONE',
        where: path,
        fix: expect.stringContaining('--data') as string,
      });
    }
    // Other data can be classified, but it is the run's own that is learned from.
    await expect(classifyRun(run, { ...common, data: away })).rejects.toMatchObject({
      code: 'RUN_DATA_GONE',
      expected: expect.stringContaining('train part') as string,
      fix: 'Put it back there.',
    });
    expect(existsSync(out)).toBe(false);
    await reconstructRun(run, { ...common, count: 1, seed: 0, data: away });
    expect(existsSync(out)).toBe(true);
  });
});

it('sound and tables are not read as text', async () => {
  const [text, sound] = [file('poem.txt'), file('silence.wav')];
  writeFileSync(text, 'the sea\na rose\n'.repeat(30));
  writeFileSync(sound, writeWav(new Float32Array(100), 8000));
  const { out: run } = await done({
    ...{ data: text, preset: 'text', modelOptions: { latentDim: 2, filters: 8, blocks: 2 } },
    ...{ steps: 1, batchSize: 20, workers: 1 },
  });
  const table = file('lines.csv');
  writeFileSync(table, 'a,b\nthe,sea\n');
  const pairs = (of: string) =>
    reconstructRun(run, { workerEntry, out: file('pairs.txt'), count: 1, seed: 0, data: of });
  for (const other of [table, sound]) {
    await expect(pairs(other)).rejects.toMatchObject({
      code: 'CONFIG_DATA_KIND',
      fix: expect.stringContaining(`say text:${other}`) as string,
    });
  }
  await expect(pairs(`text:${sound}`)).rejects.toMatchObject({ code: 'DATA_ENCODING' });
  await pairs(`text:${table}`);
});
