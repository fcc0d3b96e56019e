/** What is written of examples, by the kind of data. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, writeWav } from '@lockstep/data/audio';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { embedRun } from './embed.ts';
import { generateRun } from './generate.ts';
import { interpolateRun } from './interpolate.ts';
import { reconstructRun } from './reconstruct.ts';
import { sampleRun } from './sample.ts';
import { traverseRun } from './traverse.ts';

const { done, temporary } = wholeRuns({ train: 60, test: 20 });
const common = { workerEntry, seed: 3 };
const file = (name: string): string => join(temporary, name);
const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);

describe('pictures', () => {
  let run = '';
  beforeAll(async () => {
    const settings = { preset: 'mlp-2d', steps: 3, batchSize: 20, workers: 1 } as const;
    run = (await done(settings)).out;
  });

  it('between two examples begin and end with their reconstructions', async () => {
    const [path, ends] = [file('path.png'), file('ends.png')];
    await interpolateRun(run, {
      ...{ ...common, out: path, from: '13', to: '7', steps: 5, paths: ['linear'] },
    });
    // Five in a row.
    await reconstructRun(run, { ...common, out: ends, count: 20 });
    const [row, pairs] = [decode(readFileSync(path)), decode(readFileSync(ends))];
    // Behind the row's name images of 12 pixels with 2 between; under the originals the reconstructions.
    const at = (picture: typeof row, x: number, y: number) =>
      picture.data[(y * picture.width + x) * picture.channels] ?? NaN;
    const scale = (row.height - 0) / 16;
    const left = row.width - scale * (5 * 14 + 2);
    for (const [image, example] of [
      [0, 13],
      [4, 7],
    ] as const) {
      const [pairsLeft, pairsTop] = [2 + (example % 5) * 14, 16 + Math.floor(example / 5) * 28];
      for (let y = 0; y < 12; y++) {
        for (let x = 0; x < 12; x++) {
          const drawn = at(row, left + scale * (2 + image * 14 + x), scale * (2 + y));
          expect(Math.abs(drawn - at(pairs, pairsLeft + x, pairsTop + y))).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('of each dimension are rows, the one that tells most first', async () => {
    const out = file('rows.png');
    const options = { ...common, out, dims: 5, steps: 3, range: 2 };
    const { dimensions, count } = await traverseRun(run, options);
    expect(count).toBe(2 * 3);
    expect(dimensions).toHaveLength(2);
    expect(dimensions[0]?.kl).toBeGreaterThanOrEqual(dimensions[1]?.kl ?? NaN);
    expect(existsSync(out)).toBe(true);
  });

  it('vary less at a lower temperature', async () => {
    const pixels = async (temperature: number) => {
      const out = file(`t${temperature}.png`);
      await sampleRun(run, { ...common, out, count: 16, temperature });
      return Array.from({ length: 16 }, (_, i) => {
        const { data, width } = decode(readFileSync(out));
        const [top, left] = [2 + Math.floor(i / 4) * 14, 2 + (i % 4) * 14];
        return data.slice((top + 6) * width + left, (top + 6) * width + left + 12).join();
      });
    };
    expect(new Set(await pixels(1)).size).toBeGreaterThan(1);
    // All from the origin, nearly.
    expect(new Set(await pixels(1e-6)).size).toBe(1);
  });

  it.each([
    ['a.txt', 'CONFIG_OUT_FILE'],
    ['a.csv', 'CONFIG_OUT_FILE'],
  ])('are not written to %s', async (name, code) => {
    const out = file(name);
    await expect(sampleRun(run, { ...common, out, count: 1 })).rejects.toMatchObject({ code });
    expect(existsSync(out)).toBe(false);
  });

  it.each(['20', '-1', 'seven'])('of example %s there are none', async (from) => {
    const options = { ...common, out: file('none.png'), from, to: '0', steps: 3 };
    await expect(interpolateRun(run, options)).rejects.toMatchObject({
      code: 'CONFIG_NO_SUCH_EXAMPLE',
      where: 'A',
    });
  });

  it('are not generated: that is for text and sound', async () => {
    const options = { ...common, out: file('a.png'), count: 2 };
    await expect(generateRun(run, options)).rejects.toMatchObject({ code: 'RUN_WRONG_KIND' });
  });
});

describe('text', () => {
  let run = '';
  beforeAll(async () => {
    const path = file('poem.txt');
    const words = ['a rose', 'is a rose', 'the sea', 'sings to the rose', 'and a sea is'];
    const poem = Array.from({ length: 60 }, (_, i) => `${words[i % 5]} ${words[(i * 3) % 5]}`);
    writeFileSync(path, `${poem.join('\n')}\n`);
    const modelOptions = { latentDim: 2, filters: 8, blocks: 2 };
    const settings = { data: path, preset: 'text', modelOptions, steps: 2, batchSize: 20 };
    run = (await done({ ...settings, workers: 1 })).out;
  });

  it('is written line by line, the same for the same seed', async () => {
    const [a, b] = [file('a.txt'), file('b.txt')];
    const { texts, rows } = await sampleRun(run, { ...common, out: a, count: 4, temperature: 0.8 });
    expect(rows).toBeUndefined();
    await generateRun(run, { ...common, out: b, count: 4, temperature: 0.8 });
    expect(texts).toHaveLength(4);
    expect(readFileSync(a, 'utf8')).toBe(`${texts?.join('\n')}\n`);
    expect(readFileSync(b, 'utf8')).toBe(readFileSync(a, 'utf8'));
    const told = await generateRun(run, { ...common, count: 4, temperature: 0.8 });
    expect(told).toEqual({ texts, count: 4 });
  });

  it('between two texts has as many points as are asked for', async () => {
    const out = file('between.txt');
    const between = ['the sea', 'a rose is a rose'] as const;
    // What is written out needs no data.
    renameSync(file('poem.txt'), file('away.txt'));
    const result = await generateRun(run, { ...common, out, count: 5, between });
    const { count, rows = [], texts = [] } = result;
    renameSync(file('away.txt'), file('poem.txt'));
    expect(count).toBe(5);
    expect(rows[2]).toEqual({ path: 'spherical', t: 0.5 });
    expect(lines(out)[3]).toBe(`spherical\t0.5\t${texts[2] ?? ''}`);
    await expect(generateRun(run, { ...common, out, count: 1, between })).rejects.toMatchObject({
      code: 'CONFIG_COUNT',
    });
    expect(result.notices).toBeUndefined();
  });

  it.each([
    [['999', 'the sea'], '--from', 'CONFIG_NO_SUCH_EXAMPLE'],
    [['the sea', '999'], '--to', 'CONFIG_NO_SUCH_EXAMPLE'],
    [['the sea', 'ÄÖ!'], '--to', 'CONFIG_UNKNOWN_TEXT'],
    [['', 'the sea'], '--from', 'CONFIG_UNKNOWN_TEXT'],
  ] as const)('is not found between %j: %s', async (between, where, code) => {
    await expect(generateRun(run, { ...common, count: 3, between })).rejects.toMatchObject({
      ...{ code, where },
    });
  });

  it('says which characters the training text does not have, and what is too long', async () => {
    const between = ['the séa!', 'a röse é'] as const;
    const unknown = { code: 'NOTICE_UNKNOWN_CHARACTERS' };
    expect((await generateRun(run, { ...common, count: 3, between })).notices).toMatchObject([
      { ...unknown, where: '--from', characters: ['é', '!'] },
      { ...unknown, where: '--to', characters: ['ö', 'é'] },
    ]);
    const way = { ...common, out: file('way.txt'), from: 'the sea', to: 'a r0se', steps: 3 };
    expect((await interpolateRun(run, way)).notices).toMatchObject([
      { ...unknown, where: 'B', characters: ['0'] },
    ]);
    const long = { ...way, from: 'a rose '.repeat(50), to: 'the sea' };
    expect((await interpolateRun(run, long)).notices).toMatchObject([
      { code: 'NOTICE_TEXT_CUT', where: 'A', tokens: 350 },
    ]);
  });

  it('is reconstructed line after line', async () => {
    const out = file('pairs.txt');
    const { texts = [] } = await reconstructRun(run, { ...common, out, count: 2 });
    expect(texts).toHaveLength(4);
    expect(texts[0]).toMatch(/rose|sea/);
    const kinds = ['0\toriginal', '0\treconstruction', '1\toriginal', '1\treconstruction'];
    const poem = lines(file('poem.txt'));
    const [, ...rows] = lines(out);
    const row = (i: number): string => rows[i]?.split('\t')[2] ?? '';
    const named = texts.map((text, i) => `${kinds[i] ?? ''}\t${row(i)}\t${text}`);
    expect(lines(out)).toEqual(['example\tkind\trow\ttext', ...named]);
    for (const i of [0, 2]) expect(poem[Number(row(i)) - 1]).toBe(texts[i]);
  });

  it('has its line in a table of results', async () => {
    const data = file('gaps.txt');
    const words = Array.from({ length: 9000 }, (_, i) => (i % 3 === 0 ? '' : 'a rose is a rose'));
    writeFileSync(data, words.join('\n'));
    const out = file('latents.csv');
    await embedRun(run, { workerEntry, data, out });
    const [header = '', ...rows] = readFileSync(out, 'utf8').trimEnd().split('\r\n');
    expect(header).toMatch(/^example,row,/);
    const expected = words.flatMap((text, i) => (text === '' ? [] : i + 1));
    expect(rows.map((line) => Number(line.split(',')[1]))).toEqual(expected);
  });
});

it('rows of a table come with its names and categories', async () => {
  const path = file('people.csv');
  const row = (i: number) => `${20 + (i % 50)},${['red', 'green', 'blue'][i % 3]},${i * 1.5}`;
  const rows = Array.from({ length: 90 }, (_, i) => row(i));
  writeFileSync(path, `age,colour,height\n${rows.join('\n')}\n`);
  const { out: run } = await done({ data: path, preset: 'tabular', steps: 2, workers: 1 });
  const out = file('samples.csv');
  await sampleRun(run, { ...common, out, count: 12 });
  const [header, ...samples] = lines(out);
  expect(header).toBe('age,colour,height');
  expect(samples).toHaveLength(12);
  for (const sample of samples) {
    const [age, colour, height] = sample.split(',');
    expect(Number.isInteger(Number(age))).toBe(true);
    expect(['red', 'green', 'blue']).toContain(colour);
    expect(Number.isFinite(Number(height))).toBe(true);
  }

  const more = file('more.csv');
  writeFileSync(more, 'age,colour,height\n31,red,2\n32,violet,3\n');
  const pairs = { ...common, out: file('pairs.csv'), count: 2 };
  await expect(reconstructRun(run, { ...pairs, data: more })).rejects.toMatchObject({
    code: 'DATA_TABLE_UNSEEN',
    where: expect.stringContaining('row 3, column "colour"') as string,
  });
  expect(existsSync(pairs.out)).toBe(false);
  await reconstructRun(run, { ...pairs, data: more, unknown: 'ignore' });
  const table = lines(pairs.out).map((line) => line.split(','));
  expect(table[0]).toEqual(['example', 'kind', 'row', 'age', 'colour', 'height']);
  expect(table.slice(1).map((cells) => cells.slice(0, 3).join())).toEqual([
    ...['0,original,2', '0,reconstruction,2', '1,original,3', '1,reconstruction,3'],
  ]);
  expect([table[1]?.[3], table[3]?.[3]]).toEqual(['31', '32']);
  const path2 = file('path.csv');
  await interpolateRun(run, { ...common, out: path2, from: '0', to: '1', steps: 3 });
  const [head, ...points] = lines(path2).map((line) => line.split(',').slice(0, 2).join());
  expect(head).toBe('path,t');
  expect(points).toEqual(
    ['linear', 'spherical'].flatMap((name) => [0, 0.5, 1].map((t) => `${name},${t}`)),
  );
  const rowsOut = file('dimensions.csv');
  const { dimensions } = await traverseRun(run, {
    ...{ ...common, out: rowsOut, dims: 3, steps: 3, range: 2 },
  });
  const kls = dimensions.map(({ kl = NaN }) => kl);
  expect(kls).toEqual(kls.toSorted((a, b) => b - a));
  expect(lines(rowsOut).map((line) => line.split(',').slice(0, 2).join())).toEqual([
    'dimension,value',
    ...dimensions.flatMap(({ dimension }) => [-2, 0, 2].map((value) => `z${dimension},${value}`)),
  ]);
  await expect(reconstructRun(run, { ...pairs, unknown: 'ignore' })).rejects.toMatchObject({
    code: 'CONFIG_DATA_PART',
    where: '--unknown',
  });
  const before = lines(more);
  const same = { ...pairs, data: `table:${more}`, out: more };
  await expect(reconstructRun(run, { ...same, unknown: 'ignore' })).rejects.toMatchObject({
    code: 'CONFIG_OUT_IS_INPUT',
    got: more,
  });
  expect(lines(more)).toEqual(before);
  for (const data of ['text:more.csv', 'mnist', 'tastes']) {
    await expect(reconstructRun(run, { ...pairs, data }), data).rejects.toMatchObject({
      code: 'CONFIG_DATA_KIND',
    });
  }
});

it('sound is written as sound, and as spectrograms', async () => {
  const { mkdirSync } = await import('node:fs');
  const folder = file('sounds');
  mkdirSync(folder);
  for (let i = 0; i < 12; i++) {
    const samples = Float32Array.from(
      { length: 4000 },
      (_, t) => 0.5 * Math.sin((t * (200 + 40 * i) * 2 * Math.PI) / 8000),
    );
    writeFileSync(join(folder, `${i}.wav`), writeWav(samples, 8000));
  }
  const { out: run } = await done({
    ...{ data: `audio:${folder}`, preset: 'audio', steps: 2, batchSize: 4, workers: 1 },
  });
  const wav = file('sound.wav');
  await generateRun(run, { ...common, out: wav, count: 2 });
  const { samples, sampleRate } = readWav(wav, readFileSync(wav));
  expect(sampleRate).toBe(8000);
  expect(samples.length).toBeGreaterThan(2 * 3000);
  expect(samples.every(Number.isFinite)).toBe(true);
  await expect(generateRun(run, { ...common, count: 2 })).rejects.toMatchObject({
    ...{ code: 'CONFIG_NOTHING_TO_WRITE', where: '--out' },
  });
  const between = { count: 3, between: ['0', '0'] as const };
  await generateRun(run, { ...common, ...between, out: wav });
  expect(readWav(wav, readFileSync(wav)).samples.length).toBeGreaterThan(3 * 3000);
  await expect(
    generateRun(run, { ...common, ...between, out: wav, temperature: 0.5 }),
  ).rejects.toMatchObject({ code: 'CONFIG_USELESS_FLAG', where: '--temperature' });
  const png = file('sound.png');
  await sampleRun(run, { ...common, out: png, count: 2 });
  expect(decode(readFileSync(png)).channels).toBe(1);
});
