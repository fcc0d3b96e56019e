import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fillNoise } from '@lockstep/core';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../../testing/wholeRuns.ts';
import { denoiseRun } from './denoise.ts';
import type { TableInpaintResult } from './fillTable.ts';
import { inpaintRun } from './inpaint.ts';
import type { InpaintOptions } from './inpaintOptions.ts';

const { run, temporary } = wholeRuns({ train: 16, test: 16 });
const at = (name: string) => join(temporary, name);

/** One factor decides all: a size, a weight that is its multiple, a class of size; and a price that is by itself. */
const rounded = (value: number): number => Number(value.toFixed(2));
function rows(count: number, stream: number): string[] {
  const u = new Float32Array(2 * count);
  fillNoise(u, 'uniform', { seed: 1, kind: 'sampling', stream, epoch: 0, example: 0 });
  return Array.from({ length: count }, (_, i) => {
    const [size, price] = [rounded(10 * (u[2 * i] ?? 0)), rounded(u[2 * i + 1] ?? 0)];
    const group = size < 3 ? 'small' : size < 7 ? 'middle' : 'large';
    const weight = rounded(20 - 1.5 * size);
    return [size, weight, group, price, i % 2 ? 'yes' : 'no'].join(',');
  });
}
const HEADER = 'size,weight,group,price,sold';
const written = (name: string, lines: readonly string[]): string => {
  writeFileSync(at(name), `${HEADER}\n${lines.join('\n')}\n`);
  return at(name);
};
const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\r\n');

let trained: string;
let test: string;
beforeAll(async () => {
  const train = written('train.csv', rows(2000, 0));
  test = written('test.csv', rows(300, 1));
  const settings = { data: { source: `table:${train}`, read: { label: 'sold' } }, steps: 600 };
  const flags = { batchSize: 64, workers: 2, learningRate: 3e-3, preset: 'tabular' } as const;
  trained = (await run({ ...settings, ...flags })).out;
}, 120_000);

async function fill(options: Partial<InpaintOptions>): Promise<TableInpaintResult> {
  const result = await inpaintRun(trained, { workerEntry, out: at('filled.csv'), ...options });
  if (result.kind !== 'table') throw new Error('no table');
  return result;
}

it('a table is not denoised, whatever else is wrong', async () => {
  await expect(denoiseRun(trained, { workerEntry, out: at('d.png') })).rejects.toMatchObject({
    code: 'RUN_WRONG_KIND',
  });
});

it('fills hidden values in from those that decide them, far better than means and modes', async () => {
  const options = { data: test, hide: 0.15, completions: 2, steps: 40 };
  const result = await fill(options);
  const { numbers, categories } = result.hidden ?? {};
  expect(result.missing).toBe(0);
  expect((numbers?.cells ?? 0) + (categories?.cells ?? 0)).toBeGreaterThan(150);
  // A third of the numbers are prices, of which nothing is known: sqrt(1/3) = 0.58 of the mean's error is the least.
  expect(numbers?.ofMean).toBeCloseTo(1, 0);
  expect(numbers?.rmse).toBeLessThan(0.75 * (numbers?.ofMean ?? 0));
  expect(categories?.accuracy).toBeGreaterThan((categories?.ofMostFrequent ?? 1) + 0.25);
  const table = readFileSync(at('filled.csv'));
  expect(lines(at('filled.csv')).slice(1)).toEqual(rows(300, 1));
  expect(await fill({ ...options, workers: 3 })).toEqual(result);
  expect(readFileSync(at('filled.csv'))).toEqual(table);
  expect((await fill({ ...options, seed: 1 })).hidden).not.toEqual(result.hidden);
});

it('says what was filled in, and keeps the rest', async () => {
  const known = ['9,6.5,large,0.5,yes', '1,18.5,small,0.25,no'];
  const holes = ['9,,large,0.5,', ',18.5,,0.25,no'];
  const result = await fill({ data: written('holes.csv', [...known, ...holes]), completions: 3 });
  expect(result).toMatchObject({ examples: 4, incomplete: 2, missing: 3, completions: 3 });
  expect(result.accepted).toBeGreaterThan(0.05);
  expect(result.accepted).toBeLessThanOrEqual(1);
  expect(result.hidden).toBeUndefined();
  expect(result.files.map(({ path }) => path)).toEqual([at('filled.csv'), at('filled-cells.csv')]);
  const [header, ...filled] = lines(at('filled.csv'));
  expect(header).toBe(HEADER);
  expect(filled.slice(0, 2)).toEqual(known);
  const [heavy = [], light = []] = filled.slice(2).map((line) => line.split(','));
  // The label is none of what the model learns: it stays unknown.
  expect([heavy[0], heavy[2], heavy[3], heavy[4]]).toEqual(['9', 'large', '0.5', '']);
  expect(Math.abs(Number(heavy[1]) - 6.5)).toBeLessThan(2);
  expect(Math.abs(Number(light[0]) - 1)).toBeLessThan(1.5);
  expect(light.slice(1)).toEqual(['18.5', 'small', '0.25', 'no']);
  const [names, ...cells] = lines(at('filled-cells.csv')).map((line) => line.split(','));
  expect(names?.slice(0, 4)).toEqual(['example', 'row', 'column', 'value']);
  expect(names?.slice(4)).toEqual(['completion1', 'completion2', 'completion3']);
  expect(cells.map((cell) => cell.slice(0, 4))).toEqual([
    ['2', '4', 'weight', heavy[1]],
    ['3', '5', 'size', light[0]],
    ['3', '5', 'group', 'small'],
  ]);
  // Completions are draws, not the mean again.
  expect(new Set(cells[0]?.slice(4)).size).toBe(3);
});

it('goes through rows of which not all are in memory, to the very same table', async () => {
  const all = rows(60_000, 2);
  // Few holes, in rows that are in memory at different times; none in the second 50,000 rows but one.
  const holed = all.map((row, i) => (i < 400 || i === 59_999 ? row.replace(/^[^,]+/, '') : row));
  const options = { data: written('many.csv', holed), completions: 2, steps: 4 };
  const read = () => ['filled.csv', 'filled-cells.csv'].map((name) => readFileSync(at(name)));
  const inMemory = await fill(options);
  const files = read();
  const told = new Set<string>();
  const streamed = await fill({
    ...{ ...options, memoryLimit: '96K', workers: 1 },
    onProgress: (done, total, work) => told.add(done === total ? `${work} done` : work),
  });
  expect(streamed).toEqual(inMemory);
  expect(read()).toEqual(files);
  expect([...told]).toEqual(
    expect.arrayContaining(['reading data', 'looking for what is missing', 'chains done']),
  );
  expect(streamed).toMatchObject({ examples: 60_000, incomplete: 401, missing: 401 });
  const table = lines(at('filled.csv'));
  expect(table.slice(401, -1)).toEqual(all.slice(400, -1));
  expect(lines(at('filled-cells.csv')).at(-1)).toMatch(/^59999,60001,size,/);
  expect(table.at(-1)?.split(',')[0]).toBe(lines(at('filled-cells.csv')).at(-1)?.split(',')[3]);
});

it('hides the same cells, and finds the same errors, in rows that are not all in memory', async () => {
  const data = written('more.csv', rows(60_000, 3));
  const options = { data, hide: 0.002, completions: 1, steps: 2 };
  const inMemory = await fill(options);
  expect(await fill({ ...options, memoryLimit: '96K' })).toEqual(inMemory);
  // What is hidden of a row is so in whatever company it is.
  const first = await fill({ ...options, examples: 30_000 });
  expect(first.examples).toBe(30_000);
  const numbers = (cells: string[]) => cells.slice(1).map((line) => line.split(',').slice(0, 4));
  const ofFirst = numbers(lines(at('filled-cells.csv')));
  await fill(options);
  const ofAll = numbers(lines(at('filled-cells.csv'))).slice(0, ofFirst.length);
  expect(ofAll).toEqual(ofFirst);
});

describe('a table that is filled in has every column of the file, in its order', () => {
  const german = (count: number) =>
    Array.from({ length: count }, (_, i) => {
      const size = i % 40 === 7 ? 'k.A.' : `${i % 10},5`;
      const day = i % 50 === 9 ? '' : `${String(1 + (i % 28)).padStart(2, '0')}.03.2024`;
      // More digits than float32 carries, and a remark of two lines.
      const remark = i === 3 ? '"a;""b""\nc"' : 'NA';
      return `K${i};${size};${123456789 + 1000 * ((i * 7) % 13)};${day};${remark};${i % 2 ? 'yes' : 'no'};new`;
    });
  const head = 'id;size;account;day;remark;sold';
  let own: string;
  beforeAll(async () => {
    const rowsOf = german(300).map((row) => row.replace(/;new$/, ''));
    writeFileSync(at('german.csv'), `${head}\n${rowsOf.join('\n')}\n`);
    const columns = [
      { name: 'id', kind: 'ignore' },
      { name: 'size', kind: 'numeric' },
      { name: 'account', kind: 'numeric' },
      { name: 'day', kind: 'date', order: 'dmy' },
      { name: 'remark', kind: 'ignore' },
      { name: 'sold', kind: 'label' },
    ];
    writeFileSync(at('german.json'), JSON.stringify({ decimal: ',', missing: ['k.A.'], columns }));
    const data = { source: at('german.csv'), read: { schema: at('german.json') } };
    const settings = { steps: 20, batchSize: 64, workers: 1, preset: 'tabular', data } as const;
    own = (await run(settings)).out;
  }, 60_000);

  it.each(['csv', 'csv.gz', 'parquet'])('of .%s, in memory and streamed', async (ending) => {
    const count = 9000;
    const all = german(count).map((row) => row.replace('\nc', ' c'));
    const data = at(`later.${ending}`);
    const fields = all.map((row) => row.replace('"a;""b"" c"', 'a:b c').split(';'));
    const names = [...head.split(';'), 'new'];
    if (ending === 'parquet') {
      const columnData = names.map((name, c) => ({
        name,
        data: fields.map((row) => row[c] ?? ''),
      }));
      parquetWriteFile({ filename: data, columnData, rowGroupSize: 2000 });
    } else {
      const text = `${names.join(';')}\n${fields.map((row) => row.join(';')).join('\n')}\n`;
      writeFileSync(data, ending === 'csv' ? text : gzipSync(text));
    }
    const options = { data: `table:${data}`, unknown: 'ignore', completions: 1, steps: 2 } as const;
    for (const limit of [{}, { memoryLimit: '64K' }]) {
      const out = at('whole.parquet');
      await inpaintRun(own, { workerEntry, out, ...options, ...limit });
      const filled = await parquetReadObjects({ file: await asyncBufferFromFile(out) });
      expect(filled).toHaveLength(count);
      filled.forEach((row, i) => {
        expect(Object.keys(row)).toEqual(names);
        const was = fields[i] ?? [];
        for (const [c, value] of Object.values(row).entries()) {
          const isHole = (c === 1 && was[c] === 'k.A.') || (c === 3 && was[c] === '');
          if (!isHole) expect(value).toBe(was[c]);
          else expect(value).toMatch(c === 1 ? /^-?\d+(,\d)?$/ : /^\d\d\.\d\d\.20\d\d$/);
        }
      });
    }
  });
});

it('writes as the file that it is given does, not as that of the training', async () => {
  const day = (i: number) => String(1 + (i % 28)).padStart(2, '0');
  const own = Array.from({ length: 200 }, (_, i) => `${(i % 10) + 0.5},2024-03-${day(i)}`);
  writeFileSync(at('days.csv'), `size,day\n${own.join('\n')}\n`);
  const settings = { steps: 20, batchSize: 64, workers: 1, preset: 'tabular' } as const;
  const { out: days } = await run({ ...settings, data: `table:${at('days.csv')}` });
  writeFileSync(at('tage.csv'), 'size;day\n3,5;04.03.2024\n;09.03.2024\n6,5;\n');
  const out = at('tage-filled.csv');
  const read = { decimal: ',', delimiter: ';', dates: 'dmy' } as const;
  const given = { data: `table:${at('tage.csv')}`, read, completions: 1, steps: 4, hide: 0.3 };
  await inpaintRun(days, { workerEntry, out, ...given });
  const [size, date] = [/^"?-?\d+(,\d)?"?$/, /^\d\d\.\d\d\.20\d\d$/];
  const filled = lines(out).slice(1).map((line) => /^("[^"]*"|[^,]*),(.*)$/.exec(line)?.slice(1)); // prettier-ignore
  expect(filled[0]).toEqual(['"3,5"', '04.03.2024']);
  expect(filled[1]).toEqual([expect.stringMatching(size), '09.03.2024']);
  expect(filled[2]).toEqual(['"6,5"', expect.stringMatching(date)]);
  const cells = lines(at('tage-filled-cells.csv')).slice(1);
  expect(cells.length).toBeGreaterThanOrEqual(2);
  expect(cells.join('\n')).not.toMatch(/\d\.\d(?!\d)|2024-/);
});

describe('refused', () => {
  it.each<[string, Partial<InpaintOptions>, string]>([
    ['a table that lacks nothing', {}, 'RUN_NOTHING_MISSING'],
    ['a box', { hide: 0.1, box: [0, 0, 1, 1] }, 'CONFIG_USELESS_FLAG'],
    ['a picture', { hide: 0.1, out: 'never.png' }, 'CONFIG_OUT_FILE'],
  ])('%s', async (_, options, code) => {
    const out = at('never.csv');
    await expect(fill({ data: test, out, ...options })).rejects.toMatchObject({ code });
    expect(existsSync(out)).toBe(false);
  });
});
