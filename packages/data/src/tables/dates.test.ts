import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDate, parseDate } from './dates.ts';

it('reads what JavaScript writes, and writes it', () => {
  const seconds = fc.integer({ min: -62135596800, max: 253402300799 });
  fc.assert(
    fc.property(seconds, (at) => {
      const iso = new Date(at * 1000).toISOString();
      const days = parseDate(iso, 'ymd');
      expect(days).toBeCloseTo(at / 86400, 9);
      expect(formatDate(days, 'second')).toBe(iso.slice(0, 19));
      expect(formatDate(parseDate(iso.slice(0, 10), 'dmy'), 'day')).toBe(iso.slice(0, 10));
    }),
  );
});

it.each([
  ['31.05.2024', 'dmy', 19874],
  ['05/31/2024', 'mdy', 19874],
  ['2024/5/31', 'ymd', 19874],
  ['2024-05-31 12:00', 'ymd', 19874.5],
  ['2024-05-31T12:00:00.25+02:00', 'ymd', 19874 + 10 / 24],
  ['31.05.2024', 'mdy', NaN],
  ['31.05.2024', 'ymd', NaN],
  ['31.05-2024', 'dmy', NaN],
  ['2023-02-29', 'ymd', NaN],
  ['2024-13-01', 'ymd', NaN],
  ['2024-01-01 25:00', 'ymd', NaN],
  ['20240531', 'ymd', NaN],
  ['3.5', 'dmy', NaN],
] as const)('%s as %s is day %d', (text, order, days) => {
  if (Number.isNaN(days)) expect(parseDate(text, order)).toBeNaN();
  else expect(parseDate(text, order)).toBeCloseTo(days, 9);
});
