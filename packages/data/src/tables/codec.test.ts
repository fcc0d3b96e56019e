import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { createTableCodec } from './codec.ts';
import { defaultMissing } from './missing.ts';
import type { TableFormat } from './tableFormat.ts';
import type { TableRow } from './tableRow.ts';

const format: TableFormat = {
  kind: 'table',
  header: true,
  decimal: '.',
  missing: defaultMissing,
  columns: [
    { kind: 'numeric', name: 'age', missing: false, mean: 41.5, deviation: 17.3, decimals: 0 },
    { kind: 'log', name: 'amount', missing: true, mean: 3.1, deviation: 1.4, decimals: 2 },
    { kind: 'ignore', name: 'id' },
    {
      kind: 'categorical',
      name: 'country',
      missing: true,
      categories: ['FR', 'DE', 'a, "b"', '1'],
    },
    { kind: 'ordinal', name: 'size', missing: false, categories: ['S', 'M', 'L'] },
    {
      kind: 'date',
      name: 'when',
      missing: false,
      mean: 19000,
      deviation: 200,
      unit: 'day',
      order: 'dmy',
    },
    { kind: 'numeric', name: 'z', missing: true, mean: 0.25, deviation: 2 },
    { kind: 'label', name: 'fraud', categories: ['no', 'yes'] },
  ],
};
const codec = createTableCodec(format);

const missingOr = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const anyRow: fc.Arbitrary<TableRow> = fc.record({
  age: missingOr(fc.integer({ min: -1_000_000, max: 1_000_000 })),
  amount: missingOr(fc.integer({ min: -500_000, max: 500_000 }).map((cents) => cents / 100)),
  country: missingOr(fc.constantFrom('FR', 'DE', 'a, "b"', '1')),
  size: missingOr(fc.constantFrom('S', 'M', 'L')),
  when: missingOr(
    fc
      .integer({ min: 0, max: 40_000 })
      .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10)),
  ),
  z: missingOr(fc.integer({ min: -4096, max: 4096 }).map((v) => v / 8)),
});

describe('the codec of a table', () => {
  it('gives back each row that it encoded', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 5 }), (rows) => {
        expect(codec.decode(codec.encode(rows))).toEqual(rows);
      }),
    );
  });

  it('scales, numbers and orders as the format says', () => {
    const row = { age: 58.8, amount: 0, country: 1, size: 'M', when: '11.03.2022', z: 4.25 };
    const [age, amount, country, size, when, z] = codec.encode([row]);
    expect(age).toBeCloseTo((58.8 - 41.5) / 17.3, 6);
    expect(amount).toBeCloseTo(-3.1 / 1.4, 6);
    expect([country, size]).toEqual([3, 1]);
    // 11 March 2022 is day 19062.
    expect(when).toBeCloseTo((19062 - 19000) / 200, 6);
    expect(z).toBe(2);
  });

  it('tells a model the learned columns', () => {
    expect(codec.columns).toEqual([
      { name: 'age', kind: 'numeric', missing: false },
      { name: 'amount', kind: 'numeric', missing: true },
      { name: 'country', kind: 'categorical', categories: 4, missing: true },
      { name: 'size', kind: 'ordinal', categories: 3, missing: false },
      { name: 'when', kind: 'numeric', missing: false },
      { name: 'z', kind: 'numeric', missing: true },
    ]);
    expect([codec.className(1), codec.className(-1)]).toEqual(['yes', undefined]);
  });

  it('takes the usual words for missing values', () => {
    const row = { age: 'NA', amount: '?', country: '', size: 'NULL', when: 'NaN', z: NaN };
    expect([...codec.encode([row])]).toEqual(Array(6).fill(NaN));
  });

  it('decodes whatever a model draws', () => {
    const far = Float32Array.of(Infinity, 1e30, -3, 9.4, 1e9, NaN);
    expect(codec.decode(far)).toEqual([
      { age: null, amount: null, country: 'FR', size: 'L', when: null, z: null },
    ]);
  });
});

describe('bad rows', () => {
  const good = { age: 1, amount: 1, country: 'FR', size: 'S', when: '2024-02-29', z: 1 };
  const encode = (change: TableRow) => codec.encode([good, { ...good, ...change }]);

  it.each<[string, TableRow, Parameters<typeof expectDataError>[1], string]>([
    ['an unseen category', { country: 'ES' }, 'DATA_TABLE_UNSEEN', '"ES"'],
    ['a word for a number', { age: 'old' }, 'DATA_TABLE_VALUE', '"old"'],
    ['a decimal comma', { z: '3,25' }, 'DATA_TABLE_LOCALE', 'decimal: ","'],
    ['no such date', { when: '2023-02-29' }, 'DATA_TABLE_VALUE', '2023-02-29'],
  ])('%s', async (_, change, code, mention) => {
    const column = JSON.stringify(Object.keys(change)[0]);
    await expectDataError(() => encode(change), code, `rows, row 2, column ${column}`, mention);
  });

  it('a new column, and one that has vanished', async () => {
    const { z: _, ...without } = good;
    await expectDataError(() => codec.encode([without]), 'DATA_TABLE_COLUMNS', 'column "z"');
    await expectDataError(() => encode({ more: 1 }), 'DATA_TABLE_COLUMNS', 'column "more"');
  });

  it('count as missing where unknown values may', () => {
    const { z: _, ...without } = { ...good, country: 'ES', more: 1 };
    const values = codec.encode([without], { unknown: 'ignore' });
    expect([values[2], values[5]]).toEqual([NaN, NaN]);
  });
});
