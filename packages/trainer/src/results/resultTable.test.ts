import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { FileSet } from '../run/fileSet.ts';
import { requirePython, runPython } from '../run/testing/python.ts';
import { checkTablePath, createTable, writeTable } from './resultTable.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-results-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const columns = [
  { name: 'row', type: 'int32', values: Int32Array.from([0, 1, -2]) },
  { name: 'score', type: 'float32', values: Float32Array.from([0.1, NaN, 1e-12]) },
  { name: 'exact', type: 'float64', values: Float64Array.from([0.1, 1 / 3, -Infinity]) },
  { name: 'name, or "id"', type: 'string', values: ['plain', 'a,b', 'two\r\n"lines" é'] },
] as const;
const [integers, singles, doubles] = columns;

describe('CSV', () => {
  it('quotes what needs it, and prints as few digits as tell a value apart', async () => {
    expect(await writeTable(at('a.csv'), columns)).toBe(3);
    expect(readFileSync(at('a.csv'), 'utf8')).toBe(
      [
        'row,score,exact,"name, or ""id"""',
        '0,0.1,0.1,plain',
        '1,,0.3333333333333333,"a,b"',
        '-2,1e-12,-Infinity,"two\r\n""lines"" é"',
        '',
      ].join('\r\n'),
    );
  });

  it('keeps every float32 value', async () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) => {
      const word = Math.imul(i + 1, 0x9e3779b9) >>> 0;
      return new Float32Array(Uint32Array.of(word & 0xbfffffff).buffer)[0] ?? 0;
    }).filter((value) => Number.isFinite(value));
    await writeTable(at('b.csv'), [{ name: 'x', type: 'float32', values }]);
    const lines = readFileSync(at('b.csv'), 'utf8').trimEnd().split('\r\n').slice(1);
    expect(Float32Array.from(lines, Number)).toEqual(values);
  });

  it('is read back by Python', async (context) => {
    requirePython(context, 'csv');
    await writeTable(at('c.csv'), columns);
    const program = `import csv, json, sys
print(json.dumps(list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))))`;
    expect(runPython(program, at('c.csv'))).toEqual([
      columns.map(({ name }) => name),
      ['0', '0.1', '0.1', 'plain'],
      ['1', '', '0.3333333333333333', 'a,b'],
      ['-2', '1e-12', '-Infinity', 'two\r\n"lines" é'],
    ]);
  });
});

describe('NPY', () => {
  const load = `import json, numpy, sys
a = numpy.load(sys.argv[1])
print(json.dumps([str(a.dtype), list(a.shape), [[repr(float(v)) for v in (r if hasattr(r, '__len__') else [r])] for r in a]]))`;

  it('is a matrix where the columns are of one type', async (context) => {
    requirePython(context, 'numpy');
    const one = { name: 'a', type: 'float32', values: Float32Array.from([1, 2.5, NaN]) } as const;
    await writeTable(at('m.npy'), [one, { ...one, values: Float32Array.from([-1, 0, 4]) }]);
    expect(runPython(load, at('m.npy'))).toEqual([
      'float32',
      [3, 2],
      [
        ['1.0', '-1.0'],
        ['2.5', '0.0'],
        ['nan', '4.0'],
      ],
    ]);
    await writeTable(at('v.npy'), [{ name: 'a', type: 'int32', values: Int32Array.of(7, -8) }]);
    expect(runPython(load, at('v.npy'))).toEqual(['int32', [2], [['7.0'], ['-8.0']]]);
  });

  it('is an array of records where they are not', async (context) => {
    requirePython(context, 'numpy');
    await writeTable(at('r.npy'), [integers, singles, doubles, { ...integers, name: "it's \\ é" }]);
    expect(runPython(load, at('r.npy'))).toEqual([
      "[('row', '<i4'), ('score', '<f4'), ('exact', '<f8'), (\"it's \\\\ é\", '<i4')]",
      [3],
      [
        ['0.0', '0.10000000149011612', '0.1', '0.0'],
        ['1.0', 'nan', '0.3333333333333333', '1.0'],
        ['-2.0', '9.999999960041972e-13', '-inf', '-2.0'],
      ],
    ]);
  });

  it('holds no text', async () => {
    await expect(writeTable(at('t.npy'), columns)).rejects.toMatchObject({
      code: 'CONFIG_TABLE_COLUMNS',
    });
    expect(existsSync(at('t.npy'))).toBe(false);
  });
});

describe('Parquet', () => {
  it('is read back by another reader', async () => {
    await writeTable(at('a.parquet'), columns);
    const file = await asyncBufferFromFile(at('a.parquet'));
    expect(await parquetReadObjects({ file })).toEqual(
      [0, 1, 2].map((i) =>
        Object.fromEntries(columns.map(({ name, values }) => [name, values[i]])),
      ),
    );
  });

  it('without rows has columns', async () => {
    const files = new FileSet();
    const table = await createTable(at('empty.parquet'), columns, files);
    expect(await table.finish()).toBe(0);
    await files.commit();
    const file = await asyncBufferFromFile(at('empty.parquet'));
    expect(await parquetReadObjects({ file })).toEqual([]);
  });
});

describe('a table written in blocks', () => {
  const COUNT = 150_000;
  const block = (from: number, until: number) => [
    Int32Array.from({ length: until - from }, (_, i) => from + i),
    Array.from({ length: until - from }, (_, i) => `n${from + i}`),
  ];
  const spec = [
    { name: 'i', type: 'int32' },
    { name: 'name', type: 'string' },
  ] as const;

  it.each(['csv', 'parquet'])('as %s is that written at once', async (ending) => {
    await writeTable(
      at(`whole.${ending}`),
      spec.map((column, j) => ({ ...column, values: block(0, COUNT)[j] ?? [] })),
    );
    const files = new FileSet();
    const table = await createTable(at(`parts.${ending}`), spec, files);
    for (let from = 0; from < COUNT; from += 9973) {
      await table.append(block(from, Math.min(from + 9973, COUNT)));
    }
    expect(await table.finish()).toBe(COUNT);
    await files.commit();
    const rows = async (path: string): Promise<unknown> =>
      ending === 'csv'
        ? readFileSync(path, 'utf8')
        : parquetReadObjects({ file: await asyncBufferFromFile(path) });
    expect(await rows(at(`parts.${ending}`))).toEqual(await rows(at(`whole.${ending}`)));
  });

  it('may be given up: the file is as it was, and nothing is left', async () => {
    writeFileSync(at('kept.csv'), 'old');
    const before = readdirSync(folder);
    const files = new FileSet();
    const table = await createTable(at('kept.csv'), spec, files);
    await table.append(block(0, 10));
    await table.finish();
    await files.discard();
    expect(readFileSync(at('kept.csv'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(before);
  });

  it('makes the folders on its way', async () => {
    await writeTable(at('new/folder/a.csv'), columns);
    expect(existsSync(at('new/folder/a.csv'))).toBe(true);
  });
});

it('refuses any other kind of file', async () => {
  expect(() => checkTablePath('a.CSV')).not.toThrow();
  expect(() => checkTablePath('a.xlsx')).toThrow('--out: expected a file name that ends in .csv');
  await expect(createTable(at('a'), [], new FileSet())).rejects.toMatchObject({
    code: 'CONFIG_TABLE_FILE',
  });
});
