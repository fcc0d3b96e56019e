import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeSmallMnist } from '../testing/smallMnist.ts';
import { StatisticsOfColumns } from './columnStatistics.ts';
import { describeData } from './describeData.ts';
import { previewData } from './previewData.ts';
import { splitData } from './splitData.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lockstep-datasets-'));
afterAll(() => rmSync(temporary, { recursive: true }));
const data = writeSmallMnist(join(temporary, 'data'), { train: 50, test: 10 });

describe('describeData', () => {
  it('says what images are', async () => {
    const described = await describeData(data, { validationHoldOut: 0.2, labels: 8 });
    expect(described).toMatchObject({
      kind: 'image',
      shape: [12, 12, 1],
      valueType: 'uint8',
      classes: 4,
      parts: [
        { part: 'train', examples: 40, ofClass: [2, 2, 2, 2], unlabelled: 32 },
        { part: 'validation', examples: 10 },
        { part: 'test', examples: 10, ofClass: [3, 3, 2, 2] },
      ],
    });
    const [values] = described.columns;
    expect(values).toMatchObject({ name: 'values', count: 40 * 144, missing: 0 });
    expect(values?.min).toBeCloseTo(0);
    expect(values?.max).toBeLessThanOrEqual(1);
  });

  it('says what the columns of a table are, in its own units', async () => {
    const path = join(temporary, 'table.csv');
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 50 === 3 ? '' : 100 + i},${i % 3},x`);
    writeFileSync(path, `size,"grade",same\n${rows.join('\n')}\n`);
    const { table, columns } = await describeData(path, { holdOut: 0.5 });
    expect(table).toEqual([
      {
        ...{ name: 'size', kind: 'numeric', missing: 2, min: 100, max: 159 },
        remark: '100 to 159, whole numbers',
      },
      {
        ...{ name: 'grade', kind: 'ordinal', missing: 0, categories: ['0', '1', '2'] },
        remark: '3 categories: "0", "1", "2"',
      },
      { name: 'same', kind: 'ignore', missing: 0, remark: 'constant' },
    ]);
    const [size] = columns;
    expect(size?.mean).toBeGreaterThan(115);
    expect(size?.mean).toBeLessThan(145);
    expect(size?.deviation).toBeGreaterThan(10);
  });

  it('has numbers column by column', () => {
    const statistics = new StatisticsOfColumns(['a', 'b', 'c']);
    statistics.add(Float32Array.of(1, NaN, NaN, 3, 5, NaN));
    statistics.add(Float32Array.of(5, 5, NaN));
    expect(statistics.result()).toEqual([
      { name: 'a', count: 3, missing: 0, min: 1, max: 5, mean: 3, deviation: Math.sqrt(8 / 3) },
      { name: 'b', count: 2, missing: 1, min: 5, max: 5, mean: 5, deviation: 0 },
      { name: 'c', count: 0, missing: 3 },
    ]);
  });
});

describe('previewData', () => {
  it('draws images, or prints their numbers', async () => {
    const out = join(temporary, 'new', 'a.png');
    expect(await previewData(data, {}, { count: 9, out })).toEqual({
      kind: 'image',
      count: 9,
      path: out,
    });
    expect(readFileSync(out).subarray(1, 4).toString()).toBe('PNG');
    const { lines } = await previewData(data, {}, { count: 100, part: 'test' });
    expect(lines).toHaveLength(10);
    expect(lines?.[0]).toMatch(/^0\.\d+(, [\d.]+){19}, \.\.\.$/);
  });

  it('prints texts', async () => {
    const path = join(temporary, 'a.txt');
    writeFileSync(path, 'to be\nor not\nto be\nthat is\n');
    const { lines, kind } = await previewData(path, { holdOut: 0.25 }, { count: 3 });
    expect(kind).toBe('text');
    for (const line of lines ?? []) expect(['"to be"', '"or not"', '"that is"']).toContain(line);
    const out = join(temporary, 'b.png');
    await expect(previewData(path, {}, { count: 1, out })).rejects.toMatchObject({
      code: 'RUN_NO_PICTURE',
    });
  });

  it('says that a part is not there', async () => {
    await expect(previewData(data, {}, { count: 1, part: 'validation' })).rejects.toMatchObject({
      code: 'RUN_NO_SUCH_PART',
    });
  });
});

describe('splitData', () => {
  it('writes the positions of each part', async () => {
    const folder = join(temporary, 'split');
    const parts = await splitData(data, { validationHoldOut: 0.2, split: 'stratified' }, folder);
    expect(parts).toEqual([
      { part: 'train', examples: 40, path: join(folder, 'train.txt') },
      { part: 'validation', examples: 10, path: join(folder, 'validation.txt') },
      { part: 'test', examples: 10, source: data },
    ]);
    const positions = ['train', 'validation'].flatMap((part) =>
      readFileSync(join(folder, `${part}.txt`), 'utf8')
        .trim()
        .split('\n')
        .map(Number),
    );
    expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});
