/** What commands print of results, with a trainer that has them at once. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { runCli } from '../cli.ts';
import { recordOutput } from '../testing/recordOutput.ts';
import type { Trainer } from '../trainer.ts';

async function ran(trainer: Partial<Trainer>, args: readonly string[]) {
  const [stdout, stderr] = [recordOutput(), recordOutput()];
  const code = await runCli(args, {
    stdout,
    stderr,
    signals: new EventEmitter(),
    outputClosed: new AbortController().signal,
    loadTrainer: () => Promise.resolve(trainer as Trainer),
    now: () => 0,
    die: () => undefined,
  });
  return { code, out: stdout.text, err: stderr.text };
}

async function printed(trainer: Partial<Trainer>, ...args: string[]): Promise<string> {
  const { code, out } = await ran(trainer, args);
  expect(code).toBe(0);
  return out;
}

const measures = { recall20: 0.5, recall50: 1, ndcg100: 0.4 };

test.each([
  [51, undefined],
  [50, 'more than 50 items to choose from: recall@50 would be 1 in any order'],
  [20, 'recall@20 and recall@50'],
])('recommend: with %i candidates it says %s', async (candidates, note) => {
  const recommendRun = () =>
    Promise.resolve({
      ...{
        checkpoint: 'c',
        step: 1,
        source: 'ratings.csv',
        users: 3,
        items: 60,
        top: 10,
        files: [],
      },
      evaluation: { users: 3, candidates, model: measures, popularity: measures },
    });
  const text = await printed({ recommendRun }, 'recommend', 'run');
  expect(text).toMatch(/popularity +0\.5000 +1\.0000 +0\.4000/);
  if (note === undefined) expect(text).not.toContain('in any order');
  else expect(text).toContain(note);
});

test('classify names the classes that were never learned', async () => {
  const classifyRun = () =>
    Promise.resolve({
      ...({ checkpoint: 'c', step: 1, method: 'knn', source: 'more.csv', examples: 9 } as const),
      ...{ labelled: 9, accuracy: 0.5, files: [] },
      unseen: ['f', 'e', 'd', 'c', 'b', 'a'].map((name) => ({ class: name, examples: 200 })),
    });
  const text = await printed({ classifyRun }, 'classify', 'run');
  const named = 'f 200, e 200, d 200, c 200, b 200, ...';
  expect(text).toContain(`1,200 examples of 6 classes, counted as wrong: ${named}`);
});

test('generate without a file prints the texts alone, as JSON one object', async () => {
  const generateRun = () => Promise.resolve({ texts: ['the sea', 'a rose'], count: 2 });
  expect(await printed({ generateRun }, 'generate', 'run')).toBe('the sea\na rose\n');
  const json = JSON.parse(await printed({ generateRun }, 'generate', 'run', '--json')) as unknown;
  expect(json).toEqual({ event: 'texts', texts: ['the sea', 'a rose'], count: 2 });
});

test.each([
  ['sample', '--out', 'a.txt'],
  ['generate', '--count', '2'],
])('workers of %s encode what a prior is fitted to, and do nothing else', async (...command) => {
  const told: unknown[] = [];
  const draw = (_run: string, { workers }: { readonly workers?: number }) => {
    told.push(workers);
    return Promise.resolve({ path: 'a.txt', texts: ['a rose'], count: 1 });
  };
  const [name, ...flags] = command;
  const args = [name, 'run', ...flags, '--workers', '3'];
  const trainer = { sampleRun: draw, generateRun: draw };
  expect((await ran(trainer, [...args, '--fitted-prior'])).code).toBe(0);
  expect(told).toEqual([3]);
  const { code, err } = await ran(trainer, args);
  expect([code, err]).toEqual([2, expect.stringContaining('--fitted-prior beside it')]);
  expect(told).toHaveLength(1);
});

test('a text with line ends in it is printed as one line, and told as it is', async () => {
  const texts = ['the sea\nsings', 'a rose'];
  const generateRun = () => Promise.resolve({ texts, count: 2 });
  expect(await printed({ generateRun }, 'generate', 'run')).toBe('the sea\\nsings\na rose\n');
  const sampleRun = () => Promise.resolve({ path: 'a.txt', texts, count: 2 });
  expect(await printed({ sampleRun }, 'sample', 'run', '--out', 'a.txt')).toBe(
    'the sea\\nsings\na rose\n2 samples: a.txt\n',
  );
  const json = await printed({ generateRun }, 'generate', 'run', '--json');
  expect(JSON.parse(json)).toMatchObject({ texts });
});

test('texts are printed with what they are', async () => {
  const interpolateRun = () =>
    Promise.resolve({
      ...{ path: 'way.txt', count: 2, texts: ['the sea', 'a rose'] },
      rows: [1 / 3, 2 / 3].map((t) => ({ path: 'linear', t })),
    });
  const text = await printed(
    { interpolateRun },
    'interpolate',
    'run',
    '0',
    '1',
    '--out',
    'way.txt',
  );
  expect(text.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
    ...[
      ['path', 't', 'text'],
      ['linear', '0.333', 'the sea'],
      ['linear', '0.667', 'a rose'],
    ],
    ...[['2 points: way.txt'], ['']],
  ]);
});
