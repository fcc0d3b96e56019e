import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DataErrorCode } from '../errors.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import { openTable } from './openTable.ts';
import type { OpenTableOptions } from './tableOptions.ts';

/** Opens, fits and reads: wherever the error shows, it must show. */
async function readAll(path: string, options: OpenTableOptions = {}): Promise<void> {
  const source = await (await openTable(path, options)).fit();
  await source.scan(() => undefined);
}

async function file(bytes: string | Uint8Array, name = 'table.csv'): Promise<string> {
  return write(await temporaryFolder(), name, Buffer.from(bytes));
}

const many = (row: (i: number) => string, count = 5000): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
const good = `a,b\n${many((i) => `${(i * 7) % 1009},${['x', 'y', 'z'][i % 3]}`)}`;

describe('files that are no tables', () => {
  it.each<[string, string | Uint8Array, DataErrorCode, ...string[]]>([
    ['an empty file', '', 'DATA_EMPTY'],
    ['blank lines alone', '\n\r\n\n', 'DATA_EMPTY'],
    ['a header alone', 'a,b,c\n', 'DATA_EMPTY', 'below the header', '--read header=false'],
    ['a row that is short', `${good}1\n${good}`, 'DATA_TABLE_ROW', 'row 5002', '2 fields', 'got 1'],
    ['a row that is long', `${good}1,x,"2,3"\n`, 'DATA_TABLE_ROW', 'row 5002', 'got 3', '1,x,'],
    ['a quote never closed', `${good}1,"x\n${good}`, 'DATA_TABLE_QUOTE', 'row 5002', 'column "b"'],
    ['a quote at the very end', `${good}1,"x`, 'DATA_TABLE_QUOTE', 'row 5002'],
    ['a quote never closed in the first row', '"a,b\n1,2\n', 'DATA_TABLE_QUOTE', 'row 1'],
    ['text behind a quote', `${good}1,"x"y\n`, 'DATA_TABLE_QUOTE', 'row 5002', 'column "b"'],
    ['the same name twice', 'a,b,a\n1,2,3\n', 'DATA_TABLE_HEADER', 'row 1', 'column "a"'],
    [
      'Latin-1',
      Buffer.from(`${good}1,caf\xe9\n`, 'latin1'),
      'DATA_ENCODING',
      'row 5002, column "b"',
      '0xE9',
      'iconv',
    ],
    [
      'Latin-1 in the header',
      Buffer.from('a,\xe9t\xe9\n1,2\n', 'latin1'),
      'DATA_ENCODING',
      'row 1',
      'iconv',
    ],
    ['UTF-16', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'), 'DATA_ENCODING', 'row 1', 'UTF-16'],
    ['a zero byte', `${good}1,x\0y\n`, 'DATA_ENCODING', 'row 5002, column "b"', '0x00'],
    [
      'bytes of something else',
      Uint8Array.from({ length: 9000 }, (_, i) => (i * i) % 251),
      'DATA_ENCODING',
    ],
    ['columns of nothing', 'a,b\n1,\n1,\n', 'DATA_EMPTY', 'constant: 1'],
  ])('%s', async (_, bytes, code, ...mentions) => {
    const path = await file(bytes);
    await expectDataError(() => readAll(path), code, path, ...mentions);
  });

  it('a folder, and nothing', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'table.csv'));
    await expectDataError(
      () => openTable(join(folder, 'table.csv')),
      'DATA_WRONG_KIND',
      'a folder',
    );
    await expectDataError(() => openTable(join(folder, 'no.csv')), 'DATA_NOT_FOUND', 'no.csv');
  });

  it('gzip that is cut short or broken', async () => {
    const whole = gzipSync(good);
    const broken = Buffer.from(whole).fill(0x55, whole.length / 2, whole.length / 2 + 99);
    for (const [bytes, code] of [
      [whole.subarray(0, -30), 'DATA_TRUNCATED'],
      [broken, 'DATA_BAD_GZIP'],
    ] as const) {
      const path = await file(bytes);
      await expectDataError(() => readAll(path), code, path);
    }
  });

  it('Parquet that is cut short', async () => {
    const path = await file(`PAR1${good}`, 'table.parquet');
    await expectDataError(() => readAll(path), 'DATA_BAD_HEADER', path, 'Parquet');
  });

  it('a line of a gigabyte, in little memory', async () => {
    const folder = await temporaryFolder();
    for (const text of [`${good}1,`, `${good}1,"`, '1']) {
      const path = join(folder, 'long.csv');
      const handle = await open(path, 'w');
      await handle.write(text);
      // A sparse file: it takes no room on the disk.
      await handle.truncate(2 ** 30);
      await handle.close();
      const before = process.memoryUsage.rss();
      const error = await openTable(path).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'DataError' });
      expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 28);
      await rm(path);
    }
  });

  it('a line of 40 MB of letters', async () => {
    const path = await file(`${good}1,${'x'.repeat(40_000_000)}\n`);
    await expectDataError(() => readAll(path), 'DATA_TABLE_ROW', 'row 5002', '16 MiB');
    const first = await file('x'.repeat(40_000_000));
    await expectDataError(() => readAll(first), 'DATA_TABLE_ROW', 'row 1', '16 MiB');
  });
});

describe('values that are not what their column is', () => {
  it('a word among many numbers', async () => {
    const path = await file(`a,b\n${many((i) => `${i * 3},${i === 4000 ? 'n.a.' : i % 977}`)}`);
    const where = `${path}, row 4002, column "b"`;
    await expectDataError(() => readAll(path), 'DATA_TABLE_VALUE', where, '"n.a."', 'missing');
    await readAll(path, { missing: ['n.a.'] });
  });

  it.each([
    ['a;b\n1,5;2\n2,5;3\n', 'row 2, column "a"', 'decimal: ","'],
    ['a,b\n"1,5",2\n"2,5",3\n', 'row 2, column "a"', 'decimal: ","'],
    ['a;b\n1.234,5;2\n2.345,5;3\n', 'row 2, column "a"', 'between thousands'],
    ['a,b\n"1,234.5",2\n"2,345.5",3\n', 'row 2, column "a"', 'groups thousands'],
  ])('numbers as another language writes them: %j', async (text, where, mend) => {
    const path = await file(text);
    await expectDataError(() => readAll(path), 'DATA_TABLE_LOCALE', `${path}, ${where}`, mend);
  });

  it('a decimal point among decimal commas', async () => {
    const path = await file(`a;b\n${many((i) => (i === 3000 ? '1.5;2' : `${i % 997},25;2,${i}`))}`);
    const open = () => readAll(path, { decimal: ',' });
    await expectDataError(open, 'DATA_TABLE_LOCALE', 'row 3002, column "a"', '1.5');
  });

  it('what the schema says a column is not', async () => {
    const path = await file('a,b\n1,x\n2,y\nlots,z\n');
    const schema = (a: 'numeric' | 'date') => ({
      columns: [
        { name: 'a', kind: a },
        { name: 'b', kind: 'categorical' as const },
      ],
    });
    const where = `${path}, row 4, column "a"`;
    await expectDataError(
      () => readAll(path, { schema: schema('numeric') }),
      'DATA_TABLE_VALUE',
      where,
      'lots',
    );
    await expectDataError(
      () => readAll(path, { schema: schema('date') }),
      'DATA_TABLE_VALUE',
      'row 2, column "a"',
    );
    const few = {
      columns: [
        { name: 'a', kind: 'ignore' as const },
        { name: 'b', kind: 'ordinal' as const, categories: ['x', 'y'] },
      ],
    };
    await expectDataError(
      () => readAll(path, { schema: few }),
      'DATA_TABLE_UNSEEN',
      'row 4, column "b"',
      'categories that the schema lists ("x", "y"), got "z"',
      'Add it to the `categories` of this column in the schema',
    );
  });
});

describe('data that is not as the training data was', () => {
  const train = async () => (await (await openTable(await file(good))).fit()).format;

  it('an unseen category, with its row, or taken as missing', async () => {
    const format = await train();
    const path = await file('a,b\n5,x\n6,y\n7,new\n');
    const where = `${path}, row 4, column "b"`;
    await expectDataError(
      () => readAll(path, { format }),
      'DATA_TABLE_UNSEEN',
      where,
      '"new"',
      '--unknown ignore',
    );
    const source = await (await openTable(path, { format, unknown: 'ignore' })).fit();
    await source.scan((rows) => {
      expect([...new Float32Array(rows.buffer)].filter((_, i) => i % 2)).toEqual([0, 1, NaN]);
    });
  });

  it('a column that has vanished, or is new', async () => {
    const format = await train();
    const less = await file('a\n5\n6\n');
    await expectDataError(
      () => readAll(less, { format }),
      'DATA_TABLE_COLUMNS',
      `${less}, column "b"`,
      'in training, --read unknown=ignore',
    );
    const more = await file('a,b,c\n5,x,1\n6,y,2\n');
    await expectDataError(
      () => readAll(more, { format }),
      'DATA_TABLE_COLUMNS',
      `${more}, column "c"`,
      'in training, --read unknown=ignore',
    );
    for (const path of [less, more]) {
      const table = await openTable(path, { format, unknown: 'ignore' });
      expect(table.notes).toHaveLength(1);
      await (
        await table.fit()
      ).scan((rows) => {
        const values = new Float32Array(rows.buffer);
        expect(Number.isNaN(values[1])).toBe(path === less);
      });
    }
  });

  it('without a header, another number of columns', async () => {
    const source = await (await openTable(await file('1,2,x\n2,5,y\n4,4,x\n'))).fit();
    const path = await file('1,2\n3,4\n');
    const open = () => readAll(path, { format: source.format });
    await expectDataError(open, 'DATA_TABLE_COLUMNS', '3 columns', 'got 2');
  });

  it('numbers of another language, still', async () => {
    const path = await file('a;b\n1,5;x\n');
    await expectDataError(
      async () => readAll(path, { format: await train() }),
      'DATA_TABLE_LOCALE',
      'row 2, column "a"',
    );
  });

  it('options that have no effect', async () => {
    const format = await train();
    const path = await file(good);
    await expectDataError(() => openTable(path, { format, label: 'b' }), 'DATA_OPTION', 'label');
    for (const [name, value] of Object.entries({ header: 'no', decimal: ';', unknown: 'pass' })) {
      await expectDataError(() => openTable(path, { [name]: value }), 'DATA_OPTION', name, value);
    }
    await expectDataError(() => openTable(path, { delimiter: '::' }), 'DATA_OPTION', 'delimiter');
    await expectDataError(
      () => openTable(path, { label: 'c' }),
      'DATA_TABLE_COLUMNS',
      '"c"',
      'a, b',
    );
  });
});
