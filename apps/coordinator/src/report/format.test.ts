import { expect, test } from 'vitest';
import { formatCount, formatDuration, formatLoss, formatMetrics, plural } from './format.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_234_567.6, '1,234,568'],
])('count %d: %s', (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [105.534, '105.53'],
  [25.43149, '25.431'],
  [0.00123, '0.0012300'],
  [-3, '-3.0000'],
  [1_234_567, '1,234,567'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('loss %d: %s', (value, text) => expect(formatLoss(value)).toBe(text));

test.each([
  [0, '0:00'],
  [7.4, '0:07'],
  [59.6, '1:00'],
  [754, '12:34'],
  [12_301, '3:25:01'],
  [-1, '0:00'],
])('%d seconds: %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test('metrics follow the loss in their order', () => {
  expect(formatMetrics(2, { b: 1, a: 0.5 })).toBe('loss 2.0000  b 1.0000  a 0.50000');
});

test('plural', () => {
  expect([plural(1, 'worker'), plural(1_000, 'worker')]).toEqual(['1 worker', '1,000 workers']);
});
