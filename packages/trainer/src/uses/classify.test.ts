import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as lockstepData from '@lockstep/data';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { classifyRun } from './classify.ts';
import type { ClassifyOptions } from './classifyOptions.ts';

const opened: string[] = [];
vi.mock('@lockstep/data', async (importOriginal) => {
  const real = await importOriginal<typeof lockstepData>();
  return {
    ...real,
    openData: (...given: Parameters<typeof real.openData>) => {
      opened.push(given[0]);
      return real.openData(...given);
    },
  };
});

const { run, temporary, data } = wholeRuns({ train: 256, test: 96 });
let mlp: string;
let semi: string;

beforeAll(async () => {
  const few = { source: data, labels: 40, labelledShare: 0.5 };
  const settings = { steps: 30, batchSize: 64, workers: 2, learningRate: 1e-3 } as const;
  mlp = (await run({ ...settings, preset: 'mlp', modelOptions: { latentDim: 5 } })).out;
  semi = (await run({ ...settings, preset: 'semi', data: few, steps: 60 })).out;
});

const at = (name: string) => join(temporary, name);
const classify = (from: string, options: Partial<ClassifyOptions> = {}) =>
  classifyRun(from, { workerEntry, ...options });

/** A file of images without the file of its labels beside it. */
function alone(name: string): string {
  const path = at(`alone-${name}`);
  copyFileSync(join(data, name), path);
  return path;
}

describe('classes from latents', () => {
  it.each(['logistic', 'knn'] as const)(
    '%s tells easy classes, alike with any number of workers',
    async (method) => {
      const out = at(`${method}.csv`);
      const result = await classify(mlp, { method, out, plot: at(`${method}.svg`), workers: 1 });
      expect(result).toMatchObject({ method, examples: 96, labelled: 96, trainExamples: 256 });
      expect(result.accuracy).toBeGreaterThan(0.9);
      const sums = result.confusion?.map((row) => row.reduce((sum, count) => sum + count, 0));
      expect(sums).toEqual([24, 24, 24, 24]);
      expect(result.perClass?.map((scores) => scores.class)).toEqual(['0', '1', '2', '3']);
      const lines = readFileSync(out, 'utf8').trimEnd().split('\r\n');
      expect(lines[0]).toBe(
        method === 'knn' ? 'example,predicted,label' : 'example,predicted,probability,label',
      );
      const rows = lines.slice(1).map((line) => line.split(','));
      const right = rows.filter((row) => row[1] === row.at(-1)).length;
      expect(right / rows.length).toBe(result.accuracy);
      expect(readFileSync(at(`${method}.svg`), 'utf8')).toContain('>true class</text>');
      const three = await classify(mlp, { method, workers: 3 });
      expect(three).toEqual({ ...result, files: [] });
    },
  );

  it('learn from as few labels as are asked for', async () => {
    expect(await classify(mlp, { labels: 8 })).toMatchObject({ trainExamples: 8 });
    expect(await classify(mlp, { method: 'knn', labels: 8, neighbours: 3 })).toMatchObject({
      trainExamples: 8,
    });
  });

  it('read the data once', async () => {
    const before = opened.length;
    await classify(mlp, { labels: 8 });
    expect(opened.slice(before)).toEqual([data]);
  });

  it('or from the values themselves', async () => {
    const result = await classify(mlp, { inputs: 'values', labels: 40 });
    expect(result.accuracy).toBeGreaterThan(0.9);
  });

  it('of data without labels are a table alone', async () => {
    const images = alone('t10k-images-idx3-ubyte');
    const result = await classify(mlp, { data: images, out: at('unlabelled.npy') });
    expect(result.accuracy).toBeUndefined();
    await expect(classify(mlp, { data: images, plot: at('x.svg') })).rejects.toMatchObject({
      code: 'RUN_NO_LABELS',
    });
  });
});

describe('classes that were never learned', () => {
  it('of a table are named, and count as wrong', async () => {
    const row = (i: number, kind: string) => `${i % 3},${(i % 3) * 2 + (i % 2) / 10},${kind}`;
    const kinds = ['bird', 'cat', 'dog'];
    const table = (name: string, kindOf: (i: number) => string, count: number): string => {
      const rows = Array.from({ length: count }, (_, i) => row(i, kindOf(i)));
      writeFileSync(at(name), `size,weight,kind\n${rows.join('\n')}\n`);
      return at(name);
    };
    const source = table('animals.csv', (i) => kinds[i % 3] ?? '', 90);
    const { out: trained } = await run({
      ...{ data: { source, read: { label: 'kind' } }, preset: 'tabular' },
      ...{ modelOptions: { latentDim: 2 }, steps: 60, batchSize: 30, workers: 1 },
    });
    expect((await classify(trained, { inputs: 'values' })).unseen).toBeUndefined();
    // Those that training knows are there, with examples or without.
    const birds = table('birds.csv', () => 'bird', 1);
    const one = await classify(trained, { inputs: 'values', data: birds });
    expect(one.perClass?.map((scores) => [scores.class, scores.examples])).toEqual([
      ...[['bird', 1], ['cat', 0], ['dog', 0]], // prettier-ignore
    ]);
    expect(one.confusion).toEqual([[1, 0, 0], [0, 0, 0], [0, 0, 0]]); // prettier-ignore
    // Rows 0, 1, 2 as they were; then newts, a fish, and one of which nothing is known.
    const more = table('more.csv', (i) => [...kinds, 'newt', 'fish', 'newt', ''][i] ?? '', 7);
    const out = at('classes.csv');
    const result = await classify(trained, { inputs: 'values', data: more, out });
    expect(result).toMatchObject({ examples: 7, labelled: 6, accuracy: 3 / 6 });
    expect(result.unseen).toEqual([
      { class: 'newt', examples: 2 },
      { class: 'fish', examples: 1 },
    ]);
    expect(result.perClass?.map((scores) => [scores.class, scores.recall])).toEqual([
      ...kinds.map((kind) => [kind, 1]),
      ...[['fish', 0], ['newt', 0]], // prettier-ignore
    ]);
    const labels = readFileSync(out, 'utf8').trimEnd().split('\r\n').map((line) => line.split(',').at(-1)); // prettier-ignore
    expect(labels).toEqual(['label', ...kinds, 'newt', 'fish', 'newt', '']);
  });

  it('of pictures are those that training was not on', async () => {
    const { out } = await run({
      ...{ data: { source: data, onlyLabels: ['0', '1'] }, modelOptions: { latentDim: 5 } },
      ...{ steps: 10, batchSize: 32, workers: 1 },
    });
    const { unseen, accuracy } = await classify(out);
    expect(unseen).toEqual([
      { class: '2', examples: 24 },
      { class: '3', examples: 24 },
    ]);
    expect(accuracy).toBeLessThanOrEqual(0.5);
  });
});

describe('a model with a classifier', () => {
  it('classifies by itself', async () => {
    const result = await classify(semi, { out: at('semi.csv') });
    expect(result.method).toBe('model');
    expect(result.trainExamples).toBeUndefined();
    expect(result.accuracy).toBeGreaterThan(0.5);
  });

  it('is compared on the labels that it saw', async () => {
    expect(await classify(semi, { method: 'logistic' })).toMatchObject({ trainExamples: 40 });
  });
});

describe('what cannot be', () => {
  it.each<[string, Partial<ClassifyOptions>, string]>([
    ['a classifier that is not there', { method: 'model' }, 'RUN_NO_CLASSIFIER'],
    ['neighbours of a regression', { neighbours: 3 }, 'CONFIG_USELESS_FLAG'],
    ['labels for a trained classifier', { method: 'model', labels: 40 }, 'CONFIG_USELESS_FLAG'],
    ['fewer labels than classes', { labels: 2 }, 'DATA_OPTION'],
    ['more neighbours than examples', { method: 'knn', neighbours: 257 }, 'CONFIG_NEIGHBOURS'],
    ['another kind of plot', { plot: 'a.gif' }, 'CONFIG_PLOT_FILE'],
  ])('%s', async (_, options, code) => {
    await expect(classify(mlp, options)).rejects.toMatchObject({ code });
  });

  it('a run on data without labels', async () => {
    const images = alone('train-images-idx3-ubyte');
    const { out } = await run({ data: images, steps: 2, batchSize: 32, workers: 1 });
    await expect(classify(out)).rejects.toMatchObject({ code: 'RUN_NO_LABELS', got: 'none' });
  });

  it('a run on the examples of one label', async () => {
    const { out } = await run({
      ...{ data: { source: data, onlyLabels: ['1'] }, steps: 2, batchSize: 32, workers: 1 },
    });
    await expect(classify(out)).rejects.toMatchObject({
      code: 'RUN_NO_LABELS',
      fix: expect.stringContaining('--only-labels 1') as string,
    });
  });
});
