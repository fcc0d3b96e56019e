import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, write } from '../testing/files.ts';
import { openTable } from './openTable.ts';
import type { TableSchema } from './schema.ts';

/** Rows of two lines now and then, so that a row's number is not that of the example. */
const COUNT = 9000;
const idOf = (i: number) => `id-${i}`;
const noteOf = (i: number) => (i % 1000 === 3 ? 'a "b",\nc' : i % 7 === 0 ? 'NA' : '');
const lineOf = (i: number) => i + 2 + Math.floor((i + 996) / 1000);
const csv = [
  'id,amount,note',
  ...Array.from(
    { length: COUNT },
    (_, i) => `${idOf(i)}, ${i / 4},"${noteOf(i).replaceAll('"', '""')}"`,
  ),
].join('\n');
const parquet = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: Array.from({ length: COUNT }, (_, i) => idOf(i)) },
      { name: 'amount', data: Array.from({ length: COUNT }, (_, i) => i / 4) },
      { name: 'note', data: Array.from({ length: COUNT }, (_, i) => noteOf(i)) },
    ],
    rowGroupSize: 2500,
  }),
);

const files = { 't.csv': Buffer.from(csv), 't.csv.gz': Buffer.from(csv), 't.parquet': parquet };

async function rowsOf(name: keyof typeof files, positions?: Uint32Array) {
  const path = await write(await temporaryFolder(), name, files[name]);
  const schema: TableSchema = {
    columns: [
      { name: 'id', kind: 'ignore' },
      { name: 'amount', kind: 'numeric' },
      { name: 'note', kind: 'ignore' },
    ],
  };
  return (await (await openTable(path, { schema })).fit()).tableRows(positions);
}

describe.each(['t.csv', 't.csv.gz', 't.parquet'] as const)('the rows of %s', (name) => {
  const isText = name !== 't.parquet';
  const line = (i: number) => (isText ? lineOf(i) : i + 1);

  it('come in pieces of any size, each column as it stands in the file', async () => {
    const rows = await rowsOf(name);
    expect(rows.others).toEqual(['id', 'note']);
    const reader = rows.open(['note', 'id', 'amount']);
    let first = 0;
    for (const count of [1, 4999, 0, 4000]) {
      const { rows: lines, columns } = await reader.next(count);
      const at = Array.from({ length: count }, (_, i) => first + i);
      expect(Array.from(lines)).toEqual(at.map(line));
      expect(columns[0]).toEqual(at.map(noteOf));
      expect(columns[1]).toEqual(at.map(idOf));
      expect(columns[2]).toEqual(at.map((i) => String(i / 4)));
      first += count;
    }
    await expect(reader.next(1)).rejects.toMatchObject({ code: 'DATA_COUNT_MISMATCH' });
    await reader.close();
  });

  it('are those of some examples alone', async () => {
    const positions = Uint32Array.of(0, 3, 4, 4500, 8999);
    const reader = (await rowsOf(name, positions)).open(['id']);
    const { rows, columns } = await reader.next(5);
    expect(Array.from(rows)).toEqual(Array.from(positions, line));
    expect(columns).toEqual([Array.from(positions, idOf)]);
    await reader.close();
  });

  it('may be left unread', async () => {
    const reader = (await rowsOf(name)).open(['id']);
    await reader.next(1);
    await reader.close();
  });
});

it('names the columns there are where one is not among them', async () => {
  const rows = await rowsOf('t.csv');
  expect(() => rows.open(['nmae'])).toThrow(
    /column "nmae": expected one of the columns id, amount, note/,
  );
});
