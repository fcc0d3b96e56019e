import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { openData } from '@lockstep/data';
import { parquetWriteFile } from 'hyparquet-writer';
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

  it('has numbers as the file writes them, without what float32 adds', async () => {
    const path = join(temporary, 'tenths.csv');
    const rows = Array.from(
      { length: 40 },
      (_, i) => `${(((i * 7) % 40) + 3) / 10},${i * 1e6 + 7}`,
    );
    writeFileSync(path, `a,b\n${rows.join('\n')}\n`);
    const { columns } = await describeData(path, { test: path });
    expect(columns).toMatchObject([
      { name: 'a', min: 0.3, max: 4.2, mean: 2.25 },
      { name: 'b', min: 7, max: 39_000_007 },
    ]);
    const array = new StatisticsOfColumns(['x']);
    array.add(Float32Array.of(0.3, 0.1, 16_777_216));
    expect(array.result()).toMatchObject([{ min: 0.1, max: 16_777_216 }]);
  });

  it('has numbers column by column', () => {
    const statistics = new StatisticsOfColumns(['a', 'b', 'c']);
    statistics.add(Float32Array.of(1, NaN, NaN, 3, 5, NaN));
    statistics.add(Float32Array.of(5, 5, NaN));
    expect(statistics.result()).toEqual([
      { name: 'a', count: 3, missing: 0, min: 1, max: 5, mean: 3, deviation: 1.632993 },
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

  it('says of text what its examples hold, not what the numbers of tokens are', async () => {
    const [path, test] = [join(temporary, 'lines.txt'), join(temporary, 'more.txt')];
    writeFileSync(path, 'to be\n\nor not to be\nx😀\n');
    writeFileSync(test, 'to\n');
    const read = { tokens: 8, vocabularySize: 9 };
    const { columns, text } = await describeData(path, { test, read });
    expect(columns).toEqual([]);
    const of = { unit: 'character', vocabulary: 9, longest: 8, cut: 1 };
    expect(text).toMatchObject({ ...of, characters: 5 + 8 + 2, mean: 5 });
    expect(text?.unknown).toBeGreaterThan(0);
    const windows = await describeData(path, { test, read: { by: 'window', characters: 4 } });
    expect(windows.text).toMatchObject({ characters: 23, longest: 4, unknown: 0 });
    expect(windows.text).not.toHaveProperty('cut');
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
  const content = (path: string): string => readFileSync(path, 'utf8');
  const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

  it('writes the rows of a table as they are, below its header', async () => {
    const header = '\ufeffid,"what, said"\r\n';
    const rows = Array.from({ length: 40 }, (_, i) =>
      i % 9 === 2 ? `${i * i},"two\r\nlines, ""${i % 3}"""\r\n` : `${i * i}, w${i % 4} \r\n`,
    );
    // Nothing ends the last line.
    rows.push('7,w1');
    const path = join(temporary, 'rows.csv');
    writeFileSync(path, header + rows.join(''));
    const folder = join(temporary, 'rows');
    const options = { validationHoldOut: 0.2, holdOut: 0.2 };
    const { parts, schema } = await splitData(path, options, folder);
    expect(schema).toBe(join(folder, 'schema.yaml'));
    expect(parts).toEqual([
      { part: 'train', examples: 25, path: join(folder, 'train.csv') },
      { part: 'validation', examples: 8, path: join(folder, 'validation.csv') },
      { part: 'test', examples: 8, path: join(folder, 'test.csv') },
    ]);
    // What the columns are by all rows, however few of them a part has.
    const whole = await openData(path, options);
    const read = { schema: schema ?? '' };
    const part = await openData(parts[2]?.path ?? '', { read, holdOut: 0.5 });
    expect(part.table?.schema).toEqual(whole.table?.schema);
    const { positions } = whole;
    for (const { part, path: written = '' } of parts) {
      const mine = Array.from(positions[part] ?? [], (position) => rows[position]);
      const end = mine.at(-1) === '7,w1' ? '\n' : '';
      expect(content(written)).toBe(`${header}${mine.join('')}${end}`);
    }
    await expect(splitData(path, {}, folder)).rejects.toMatchObject({
      code: 'RUN_FILE_EXISTS',
      where: join(folder, 'train.csv'),
    });
  });

  it('writes rows that Parquet has as CSV, and of gzip what is in it', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ a: i * 1.5, b: i % 2 ? 'x, "y"' : null }));
    const [parquet, zipped] = [join(temporary, 't.parquet'), join(temporary, 't.tsv.gz')];
    const columnData = [
      { name: 'a', data: rows.map(({ a }) => a), type: 'DOUBLE' as const },
      { name: 'b', data: rows.map(({ b }) => b), type: 'STRING' as const },
    ];
    parquetWriteFile({ filename: parquet, columnData, rowGroupSize: 12 });
    const lines = rows.map(({ a, b }) => `${a},${b === null ? '' : '"x, ""y"""'}\n`);
    writeFileSync(zipped, gzipSync(`a,b\n${lines.join('')}`));
    const [fromParquet, fromZipped] = [join(temporary, 'p'), join(temporary, 'z')];
    await splitData(parquet, {}, fromParquet);
    await splitData(zipped, {}, fromZipped);
    for (const name of ['train.csv', 'test.csv']) {
      expect(content(join(fromParquet, name))).toBe(content(join(fromZipped, name)));
    }
    const [head, ...test] = linesOf(content(join(fromParquet, 'test.csv')));
    expect([head, test.length, test.every((line) => lines.includes(line))]).toEqual([
      'a,b\n',
      3,
      true,
    ]);
  });

  it('writes lines of text, and leaves a part that is a file already', async () => {
    const [path, test] = [join(temporary, 'poem.txt'), join(temporary, 'poem-test.txt')];
    writeFileSync(path, Array.from({ length: 20 }, (_, i) => `l\u00ednea ${i}\n`).join(''));
    writeFileSync(test, 'l\u00ednea 1\n');
    const folder = join(temporary, 'poem');
    const { parts } = await splitData(path, { validationHoldOut: 0.25, test }, folder);
    expect(parts[2]).toEqual({ part: 'test', examples: 1, source: test });
    const written = ['train.txt', 'validation.txt'].map((name) => content(join(folder, name)));
    expect(linesOf(written.join('')).sort()).toEqual(linesOf(content(path)).sort());
    expect(written.map((text) => linesOf(text).length)).toEqual([15, 5]);
  });

  it('ends with the reason of its signal, whenever that is, and leaves nothing', async () => {
    const source = join(temporary, 'many.csv');
    writeFileSync(source, `a,b\n${Array.from({ length: 20_000 }, (_, i) => `${i % 97},${i % 5}.5\n`).join('')}`); // prettier-ignore
    const folder = join(temporary, 'ended');
    mkdirSync(folder);
    for (const files of [0, 1, 2]) {
      const abort = new AbortController();
      const { signal } = abort;
      let isDone = false;
      const ended = splitData(source, { holdOut: 0.5 }, folder, signal).finally(() => (isDone = true)); // prettier-ignore
      while (!isDone && readdirSync(folder).length < files) await setImmediate();
      abort.abort(new Error('enough'));
      await expect(ended).rejects.toThrow('enough');
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('looks where it is to write before it reads', async () => {
    const file = join(temporary, 'no-folder');
    writeFileSync(file, '');
    const refused = splitData(join(temporary, 'no-source.csv'), {}, join(file, 'parts'));
    await expect(refused).rejects.toMatchObject({ code: 'RUN_WRITE_FAILED' });
  });

  it.each([
    ['images', data, {}],
    ['windows of text', join(temporary, 'window.txt'), { by: 'window', characters: 4 }],
  ])('refuses %s, and says what to do', async (_, source, read) => {
    writeFileSync(join(temporary, 'window.txt'), 'to be or not to be\n'.repeat(9));
    const error = splitData(source, { read }, join(temporary, 'none'));
    await expect(error).rejects.toMatchObject({ code: 'DATA_WRONG_KIND', where: source });
    expect(existsSync(join(temporary, 'none'))).toBe(false);
  });
});
