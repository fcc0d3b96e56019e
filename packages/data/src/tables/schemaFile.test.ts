import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder, write } from '../testing/files.ts';
import { openTable, schemaText } from './openTable.ts';
import { parseSchema, readSchema } from './schemaFile.ts';

const root =
  process.env['LOCKSTEP_DATA'] ??
  fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const records = join(root, 'nsl-kdd', 'KDDTrain+_20Percent.txt.gz');
const hasRecords = existsSync(records) || process.env['LOCKSTEP_REQUIRE'] === 'all';
if (!hasRecords) console.warn(`Skipped, a test: there is no ${records}. Set LOCKSTEP_DATA.`);

it('what is written is read back, and read with it the table is the same', async () => {
  const text = 'a;"b: #";c\n1,5;yes;01.02.2024\n2,25;no;31.12.2023\n-3;"[x]";\n';
  const path = await write(await temporaryFolder(), 't.csv', Buffer.from(text));
  const table = await openTable(path, { decimal: ',', missing: ['-'], label: 'b: #' });
  const written = await schemaText(table);
  expect(written).toContain('# 3 classes: "[x]", "no", "yes"');
  const schema = await parseSchema(written, 's.yaml');
  expect(schema).toEqual(table.schema);
  const again = await openTable(path, { schema });
  expect((await again.fit()).format).toEqual((await table.fit()).format);
  expect(again.labels).toEqual(table.labels);
});

it('keeps categories of several lines, and such as YAML would read otherwise', async () => {
  const texts = ['two\nlines', '# no: remark', 'yes', ' - ', 'a ""quote""', 'a\r\n\tb', '~'];
  const rows = Array.from({ length: 40 }, (_, i) => `"${texts[i % 7]}",${i % 13}.5\n`);
  const bytes = Buffer.from(`a: [b],x\n${rows.join('')}`);
  const table = await openTable(await write(await temporaryFolder(), 't.csv', bytes));
  expect(table.columns[0]?.categories).toHaveLength(texts.length);
  expect(await parseSchema(await schemaText(table), 's.yaml')).toEqual(table.schema);
});

it('names the columns of a file without a header', async () => {
  const path = await write(await temporaryFolder(), 't.csv', Buffer.from('1,x\n2,y\n4,x\n'));
  const text = 'columns:\n  - { name: size, kind: log }\n  - { name: what, kind: label }\n';
  const table = await openTable(path, { schema: await parseSchema(text, 's.yaml') });
  expect([table.names, table.classNames]).toEqual([
    ['size', 'what'],
    ['x', 'y'],
  ]);
});

it.skipIf(!hasRecords)(
  'NSL-KDD: 22 classes, two constant columns, later data with new words',
  async () => {
    const table = await openTable(records, { label: 'column42' });
    expect([table.count, table.classNames?.length]).toEqual([25_192, 22]);
    const of = (kind: string) =>
      table.columns.filter((each) => each.kind === kind).map(({ name }) => name);
    expect(of('ignore')).toEqual(['column20', 'column21']);
    expect(of('categorical').slice(0, 3)).toEqual(['column2', 'column3', 'column4']);
    // The bytes sent and received range over eight orders of magnitude.
    expect(of('log')).toEqual(expect.arrayContaining(['column5', 'column6']));
    // 13,449 of the records are normal, as the data set's authors state.
    const normal = table.classNames?.indexOf('normal');
    expect(table.labels?.filter((label) => label === normal)).toHaveLength(13_449);
    const { format } = await table.fit();
    const later = await openTable(join(root, 'nsl-kdd', 'KDDTest+.txt.gz'), { format });
    // Of its 22,544 records 9,711 are normal; attacks that training did not have are no known class.
    expect(later.labels?.filter((label) => label === normal)).toHaveLength(9711);
    const source = await later.fit();
    const [unseen] = source.unseenLabels?.get('mscan') ?? [];
    expect(later.labels?.[unseen ?? 0]).toBe(-1);
    await expect(source.scan(() => undefined)).rejects.toMatchObject({ code: 'DATA_TABLE_UNSEEN' });
  },
);

it.skipIf(!hasRecords)('docs/uses/nsl-kdd.yaml says of its columns what is found out', async () => {
  const path = fileURLToPath(new URL('../../../../docs/uses/nsl-kdd.yaml', import.meta.url));
  const schema = await readSchema(path);
  const kinds = (columns: readonly { readonly kind: string }[]) => columns.map(({ kind }) => kind);
  const inferred = await openTable(records, { label: 'column42' });
  // The last one rates how hard the record is, which is nothing of the connection.
  expect(kinds(schema.columns)).toEqual([...kinds(inferred.columns).slice(0, 42), 'ignore']);
  const { names, labels } = await openTable(records, { schema });
  expect([names[0], names[41], labels]).toEqual(['duration', 'attack', inferred.labels]);
});
