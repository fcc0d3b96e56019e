import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, write } from '../../testing/files.ts';
import { Dictionary } from '../dictionary.ts';
import { defaultMissing } from '../missing.ts';
import type { Reading } from '../tableBlock.ts';
import { csvLine } from './csvLine.ts';
import { openCsv, type CsvOptions } from './csvReader.ts';

const missing = new Set(defaultMissing);

/** Every field of each column, with the line of each row. */
async function readColumns(
  path: string,
  readings: readonly Reading[],
  options: Partial<CsvOptions> = {},
) {
  const reader = await openCsv(path, { header: false, decimal: '.', missing, ...options });
  const columns = readings.map((): number[] => []);
  const lines: number[] = [];
  const misfits: string[] = [];
  await reader.scan({
    readings,
    misfit: ({ text }) => void misfits.push(text),
    take: (block) => {
      block.columns.forEach((values, c) => columns[c]?.push(...values));
      for (let r = 0; r < block.rows; r++) lines.push(block.line(r));
    },
  });
  return { columns, lines, misfits, decimals: reader.decimals };
}

const text = (): Reading & { as: 'text' } => ({
  as: 'text',
  dictionary: new Dictionary(1e6, missing),
});

describe('numbers', () => {
  const digits = (min: number, max: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
  const plain = fc
    .tuple(fc.constantFrom('', '-', '+'), digits(1, 20), fc.option(digits(0, 20)))
    .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
  const anyNumber = fc.oneof(
    plain,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    digits(1, 5).map((fraction) => `.${fraction}`),
  );

  it('are those that JavaScript reads: the nearest double, or, past 2^53, one unit beside it', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.array(anyNumber, { minLength: 1, maxLength: 50 }), async (numbers) => {
        const path = await write(
          folder,
          'n.csv',
          Buffer.from(numbers.map((n) => `${n},1`).join('\n')),
        );
        const { columns, misfits } = await readColumns(path, [{ as: 'number' }, { as: 'number' }], {
          delimiter: ',',
        });
        expect(misfits).toEqual([]);
        numbers.forEach((number, i) => {
          const read = columns[0]?.[i] ?? NaN;
          const expected = Number(number);
          const significant = BigInt(number.replace(/e.*$/i, '').replaceAll(/[^0-9]/g, '') || '0');
          if (significant <= 2n ** 53n) expect(read).toBe(expected);
          else expect(Math.abs(read / expected - 1)).toBeLessThan(4e-16);
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    '1.2.3',
    '--1',
    '1e',
    'e5',
    '.',
    '-',
    '1 2',
    '0x10',
    'Infinity',
    '1,5',
    '12a',
    '1_000',
    '1e999',
  ])('and nothing else: %s', async (field) => {
    const path = await write(await temporaryFolder(), 'n.csv', Buffer.from(`1;2\n${field};3\n`));
    const { columns, misfits } = await readColumns(path, [{ as: 'number' }, { as: 'number' }], {
      delimiter: ';',
    });
    expect(misfits).toEqual([field]);
    expect(columns).toEqual([
      [1, NaN],
      [2, 3],
    ]);
  });

  it('with a decimal comma, and how many digits they have', async () => {
    const path = await write(
      await temporaryFolder(),
      'n.csv',
      Buffer.from('1,25;3\n-0,5;1e-3\n7;2\n'),
    );
    const { columns, decimals } = await readColumns(path, [{ as: 'number' }, { as: 'number' }], {
      decimal: ',',
    });
    expect(columns).toEqual([
      [1.25, -0.5, 7],
      [3, 0.001, 2],
    ]);
    expect([...decimals]).toEqual([2, 3]);
  });
});

describe('fields', () => {
  const field = fc.oneof(
    fc.constantFrom(
      '',
      'a',
      'tcp',
      'a longer text than sixteen bytes',
      '"',
      '""',
      'x,y',
      'l\nm',
      '\r\n',
      'ü',
    ),
    fc.string({ unit: 'grapheme', maxLength: 40 }).filter((each) => !each.includes('\0')),
  );
  // Spaces around a field are not its own, unless it is quoted: csvLine quotes such.
  const rows = fc.array(fc.tuple(field, field, field), { minLength: 1, maxLength: 20 });

  it('of any kind come back, with the line that each row begins on, also across chunks', async () => {
    const folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), async (some, end) => {
        // Past a chunk of the file, and of columns.
        const repeated = Array.from({ length: Math.ceil(12_000 / some.length) }, () => some).flat();
        const records = repeated
          .map((row) => csvLine(row))
          .map((line) => (/^,*$/.test(line) ? `x${line}` : line));
        const path = await write(folder, 'f.csv', Buffer.from(records.join(end)));
        const readings = [text(), text(), text()];
        const { columns, lines } = await readColumns(path, readings, { delimiter: ',' });
        const read = columns.map((codes, c) =>
          codes.map((code) => readings[c]?.dictionary.texts[code] ?? ''),
        );
        let line = 1;
        let wrong = 0;
        repeated.forEach((row, r) => {
          const expected = /^,*$/.test(csvLine(row)) ? ['x', '', ''] : row;
          if (expected.some((each, c) => (missing.has(each) ? '' : each) !== read[c]?.[r])) wrong++;
          if (lines[r] !== line) wrong++;
          line += (records[r] ?? '').split('\n').length;
        });
        expect([wrong, read[0]?.length]).toEqual([0, repeated.length]);
      }),
      { numRuns: 15 },
    );
  });

  it('of more different texts than are kept for comparison', async () => {
    const names = Array.from(
      { length: 30_000 },
      (_, i) => `some name of number ${(i * 7919) % 9973}`,
    );
    const path = await write(
      await temporaryFolder(),
      'f.csv',
      Buffer.from(names.map((n) => `${n},1\n`).join('')),
    );
    const reading = text();
    const { columns } = await readColumns(path, [reading, { as: 'skip' }], { delimiter: ',' });
    expect(columns[0]?.map((code) => reading.dictionary.texts[code])).toEqual(names);
  });

  it('that are dates', async () => {
    const dates = [
      '2024-02-29',
      '1970-01-01',
      '1969-12-31',
      '2023-02-29',
      '2000-12-28',
      '31.12.1999',
      '',
    ];
    const path = await write(
      await temporaryFolder(),
      'd.csv',
      Buffer.from(dates.map((d) => `${d};1\n`).join('')),
    );
    const { columns, misfits } = await readColumns(path, [
      { as: 'date', order: 'dmy' },
      { as: 'skip' },
    ]);
    expect(columns[0]).toEqual([19782, 0, -1, NaN, 11319, 10956, NaN]);
    expect(misfits).toEqual(['2023-02-29']);
  });
});
