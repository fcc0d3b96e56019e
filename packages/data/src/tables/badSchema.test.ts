import { describe, it } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { temporaryFolder, write } from '../testing/files.ts';
import { openTable } from './openTable.ts';
import { parseSchema, readSchema } from './schemaFile.ts';

describe('a schema with a mistake', () => {
  const head = 'header: true\ncolumns:\n  - { name: a, kind: numeric }\n';
  it.each([
    [
      '  - { name: b, kind: number }\n',
      'line 4, columns.1.kind: expected numeric, log, categorical, ordinal, date, label or ignore, got "number".',
    ],
    [
      '  - { name: a, kind: log }\n',
      'line 4, columns.1.name: expected a name that no other column has, got "a".',
    ],
    [
      '  - { name: b }\n',
      'line 4, columns.1.kind: expected numeric, log, categorical, ordinal, date, label or ignore, got nothing.',
    ],
    [
      '  - { name: b, kind: log, categories: [x] }\n',
      'line 4, columns.1: expected no field but name, as the kind is, got "categories".',
    ],
    [
      '  - { name: b, kind: ordinal, categories: [x, x] }\n',
      'line 4, columns.1.categories: expected each category once, got ["x","x"].',
    ],
    [
      '  - { name: b, kind: ordinal, categories: [] }\n',
      'line 4, columns.1.categories: expected a list of categories, at least one, got [].',
    ],
    [
      '  - { name: b, kind: label }\n  - { name: c, kind: label }\n',
      'line 5, columns.2.kind: expected one label alone, got "label".',
    ],
    ['  - b\n', 'line 4, columns.1: expected a column: its `name` and its `kind`, got "b".'],
    ['  - { name: b, kind: [\n', 'line 5: expected YAML, got a mistake ('],
    [
      'delimiter: ab\n',
      'line 4, delimiter: expected one ASCII character, no letter, digit, quote, point or sign, got "ab".',
    ],
    [
      'colums: []\n',
      'line 1: expected no field but header, delimiter, decimal, missing and columns, got "colums".',
    ],
  ])('%j', async (tail, where) => {
    await expectDataError(
      () => parseSchema(head + tail, 's.yaml'),
      'DATA_TABLE_SCHEMA',
      `s.yaml, ${where}`,
    );
  });

  it('that is not there', async () => {
    await expectDataError(
      () => readSchema('gone.yaml'),
      'DATA_NOT_FOUND',
      'gone.yaml: expected a file that says what the columns are (--read schema=FILE), got nothing',
      '`lockstep data schema DATA --out gone.yaml` writes one to edit',
    );
  });

  it('that does not fit the file', async () => {
    const path = await write(await temporaryFolder(), 't.csv', Buffer.from('a,b\n1,2\n3,4\n'));
    const schema = await parseSchema(head, 's.yaml');
    await expectDataError(
      () => openTable(path, { schema }),
      'DATA_TABLE_COLUMNS',
      'column "b"',
      'schema',
    );
    const more = await parseSchema(
      `${head}  - { name: b, kind: log }\n  - { name: z, kind: log }\n`,
      's',
    );
    await expectDataError(
      () => openTable(path, { schema: more }),
      'DATA_TABLE_COLUMNS',
      'column "z"',
      'schema',
    );
  });
});
