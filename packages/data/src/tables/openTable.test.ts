import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, write } from '../testing/files.ts';
import { createTableCodec } from './codec.ts';
import { csvLine } from './csv/csvLine.ts';
import { openTable } from './openTable.ts';
import type { OpenTableOptions } from './tableOptions.ts';
import type { TableRow } from './tableRow.ts';
import type { TableSource } from './tableSource.ts';

async function openText(text: string, options?: OpenTableOptions, name = 'table.csv') {
  return openTable(await write(await temporaryFolder(), name, Buffer.from(text)), options);
}

async function readAll(source: TableSource, positions?: Uint32Array): Promise<Float32Array> {
  const rows = positions?.length ?? source.count;
  const values = new Float32Array(rows * (source.shape[0] ?? 0));
  await source.read(new Uint8Array(values.buffer), positions);
  return values;
}

async function rowsOf(text: string, options?: OpenTableOptions): Promise<TableRow[]> {
  const source = await (await openText(text, options)).fit();
  return createTableCodec(source.format).decode(await readAll(source));
}

/** 200 rows: whole numbers that grow like powers, decimals, texts, dates, grades, ids, a constant. */
const mixed = [
  'amount,x,kind,when,grade,flag,id,same,class',
  ...Array.from({ length: 200 }, (_, i) =>
    [
      Math.floor(1.06 ** i),
      ((i * 37) % 101) / 4,
      ['red', 'green', 'blue'][i % 3],
      `2024-0${1 + (i % 9)}-1${i % 10}`,
      1 + (i % 5),
      i % 2,
      `id${i}`,
      'always',
      i < 50 ? 'bad' : 'good',
    ].join(','),
  ),
].join('\n');

describe('what is inferred', () => {
  it('of whole numbers that rise from row to row: they may number the rows of a longer file', async () => {
    const rows = Array.from({ length: 30 }, (_, i) =>
      [i + 5, i * 3 + (i % 2), i + 0.5, i === 7 ? 20 : i * 2, `2024-01-${10 + (i % 20)}`].join(','),
    );
    const table = await openText(`all,some,half,falls,day\n${rows.join('\n')}\n`);
    expect(table.columns.map(({ kind, remark }) => `${kind}: ${remark}`)).toEqual([
      'ignore: numbers the rows',
      'numeric: 0 to 88, whole numbers, greater from row to row',
      'numeric: 0.5 to 29.5',
      'numeric: 0 to 58, whole numbers',
      'date: 2024-01-10 to 2024-01-29',
    ]);
    expect(table.notes.filter((note) => note.includes('from row to row'))).toEqual([
      'Column "some" is learned from; its whole numbers are all different and greater from row to row. If they are no times but number the rows, give it the kind ignore in a schema.',
    ]);
  });

  it('of each column, and said', async () => {
    const table = await openText(mixed, { label: 'class' });
    expect(table.count).toBe(200);
    expect(table.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'amount log',
      'x numeric',
      'kind categorical',
      'when date',
      'grade ordinal',
      'flag categorical',
      'id ignore',
      'same ignore',
      'class label',
    ]);
    expect(table.notes.join('\n')).toMatch(/"id" is ignored: 200 different texts in 200, as ids/);
    expect(table.notes.join('\n')).toMatch(/"same" is ignored: constant/);
    expect(table.classNames).toEqual(['bad', 'good']);
    expect([...(table.labels ?? [])]).toEqual(Array.from({ length: 200 }, (_, i) => +(i >= 50)));
    const { format } = await table.fit();
    expect(createTableCodec(format).columns).toEqual([
      { name: 'amount', kind: 'numeric', missing: false },
      { name: 'x', kind: 'numeric', missing: false },
      { name: 'kind', kind: 'categorical', categories: 3, missing: false },
      { name: 'when', kind: 'numeric', missing: false },
      { name: 'grade', kind: 'ordinal', categories: 5, missing: false },
      { name: 'flag', kind: 'categorical', categories: 2, missing: false },
    ]);
  });

  it('a label that was not named is mentioned', async () => {
    expect((await openText(mixed)).notes.join()).toContain('--read label=class');
  });

  it('a column whose later rows are texts is one of texts', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `${i % 7},${i < 2000 ? i % 5 : 'none'}`);
    const table = await openText(`a,b\n${rows.join('\n')}\n`);
    expect(table.columns[1]).toMatchObject({ kind: 'categorical' });
    expect(table.columns[1]?.remark).toContain('6 categories');
  });

  it.each([
    [
      'a;b\n1,5;x\n2,5;y\n',
      { decimal: ',' },
      [
        { a: 1.5, b: 'x' },
        { a: 2.5, b: 'y' },
      ],
    ],
    [
      'a\tb\n1\tx\n2\ty\n3\tx\n',
      {},
      [
        { a: 1, b: 'x' },
        { a: 2, b: 'y' },
        { a: 3, b: 'x' },
      ],
    ],
    [
      'a|b\n1|x\n2|y\n3|x',
      {},
      [
        { a: 1, b: 'x' },
        { a: 2, b: 'y' },
        { a: 3, b: 'x' },
      ],
    ],
    [
      '5,x\n7,y\n6,x\n',
      {},
      [
        { column1: 5, column2: 'x' },
        { column1: 7, column2: 'y' },
        { column1: 6, column2: 'x' },
      ],
    ],
    [
      '\ufeffa,b\r\n1,x\r\n\r\n2,"y"\r\n3,x',
      {},
      [
        { a: 1, b: 'x' },
        { a: 2, b: 'y' },
        { a: 3, b: 'x' },
      ],
    ],
    [
      'a, b\n 1 , x\n2, "a, ""b"""\n-3.5e1,\n',
      {},
      [
        { a: 1, b: 'x' },
        { a: 2, b: 'a, "b"' },
        { a: -35, b: null },
      ],
    ],
    [
      'a,b\n1,x\n,?\n7,y\nNA,x\n',
      {},
      [
        { a: 1, b: 'x' },
        { a: null, b: null },
        { a: 7, b: 'y' },
        { a: null, b: 'x' },
      ],
    ],
    [
      'a,b\n.5,"x\ny"\n-0.25,z\n3.,z\n',
      {},
      [
        { a: 0.5, b: 'x\ny' },
        { a: -0.25, b: 'z' },
        { a: 3, b: 'z' },
      ],
    ],
  ] satisfies [string, OpenTableOptions, TableRow[]][])('%j %j', async (text, options, rows) => {
    const kinds = {
      a: 'numeric',
      b: 'categorical',
      column1: 'numeric',
      column2: 'categorical',
    } as const;
    const names = Object.keys(rows[0] ?? {}) as (keyof typeof kinds)[];
    const schema = { columns: names.map((name) => ({ name, kind: kinds[name] })) };
    expect(await rowsOf(text, { ...options, schema })).toEqual(rows);
  });
});

describe('fitting', () => {
  it('looks at the training part alone', async () => {
    const table = await openText('a,b\n1,9\n3,8\n5,7\n1000,6\n2000,5\n');
    const { format } = await table.fit(Uint32Array.of(0, 1, 2));
    // Mean and standard deviation of 1, 3, 5.
    expect(format.columns[0]).toMatchObject({
      kind: 'numeric',
      mean: 3,
      deviation: Math.sqrt(8 / 3),
    });
  });

  it('reads the rows at some positions, also past a block', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `${(i * 7919) % 20_011},${i % 2}`);
    const source = await (await openText(`a,b\n${rows.join('\n')}`)).fit();
    const all = await readAll(source);
    const positions = Uint32Array.of(0, 4095, 4096, 12_345, 19_999);
    const some = await readAll(source, positions);
    positions.forEach((at, i) => {
      expect(some.subarray(2 * i, 2 * i + 2)).toEqual(all.subarray(2 * at, 2 * at + 2));
    });
    const { format } = source;
    const [row] = createTableCodec(format).decode(some.subarray(6, 8));
    expect(row).toEqual({ a: (12_345 * 7919) % 20_011, b: '1' });
  });

  it('a trained format reads other data as the first: other order, delimiter, no label', async () => {
    const { format } = await (await openText(mixed, { label: 'class' })).fit();
    const lines = mixed.split('\n').map((line) => line.split(','));
    const other = lines.map((fields) => fields.slice(0, 6).reverse().join(';')).join('\n');
    const [first, second] = [await openText(mixed, { format }), await openText(other, { format })];
    expect(first.labels?.[60]).toBe(1);
    expect(second.labels).toBeUndefined();
    const a = await readAll(await first.fit());
    expect(await readAll(await second.fit())).toEqual(a);
  });

  it('labels that training has no name for are none, and named', async () => {
    const trained = await openText('x,kind\n1,cat\n2,dog\n', { label: 'kind' });
    const { format } = await trained.fit();
    const text = 'x,kind\n1,newt\n2,dog\n3,\n4,fish\n5,newt\n';
    const { labels, unseenLabels } = await (await openText(text, { format })).fit();
    expect([...(labels ?? [])]).toEqual([-1, 1, -1, -1, -1]);
    expect(Object.fromEntries(unseenLabels ?? [])).toEqual({ newt: [0, 4], fish: [3] });
    const known = await (await openText('x,kind\n1,cat\n', { format })).fit();
    expect(known.unseenLabels).toBeUndefined();
  });

  it('groups rows by any column', async () => {
    const table = await openText('who,x\nann,1\nbob,2\n,4\nann,7\n');
    expect([...(await table.groups('who'))]).toEqual([0, 1, -1, 0]);
  });
});

type Row = Readonly<Record<'v' | 'w' | 'n', TableRow[string]>>;

function csvOf(rows: readonly Row[]): Buffer {
  const lines = [csvLine(['v', 'w', 'n']), ...rows.map(({ v, w, n }) => csvLine([v, w, n]))];
  return Buffer.from(lines.join('\r\n'));
}

function parquetOf(rows: readonly Row[]): Buffer {
  const column = (name: keyof Row, type: 'DOUBLE' | 'STRING') => ({
    name,
    type,
    data: rows.map((row) => row[name]),
  });
  const columnData = [column('v', 'DOUBLE'), column('w', 'STRING'), column('n', 'DOUBLE')];
  return Buffer.from(parquetWriteBuffer({ columnData }));
}

describe('the same rows', () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.integer({ min: -99_999, max: 99_999 }).map((v) => v / 100),
  );
  const word = fc.oneof(
    fc.constantFrom(null, 'a', 'b,c', 'd "e"', 'f\ng', 'ünï', 'h;i'),
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => `x${text.replaceAll(/[\0\r]/g, '')}y`),
  );
  const rowsOfAll = fc.array(
    fc.record({ v: value, w: word, n: fc.integer({ min: 0, max: 999 }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  );
  const schema = {
    header: true,
    columns: [
      { name: 'v', kind: 'numeric' as const },
      { name: 'w', kind: 'categorical' as const },
      { name: 'n', kind: 'numeric' as const },
    ],
  };

  it.each(['t.csv', 't.csv.gz', 't.parquet'])('come back from %s', async (name) => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(rowsOfAll, async (rows) => {
        const bytes = name.endsWith('.parquet') ? parquetOf(rows) : csvOf(rows);
        const path = await write(folder, name, bytes);
        const source = await (await openTable(path, { schema: { ...schema } })).fit();
        expect(createTableCodec(source.format).decode(await readAll(source))).toEqual(rows);
      }),
      { numRuns: 40 },
    );
  });
});
