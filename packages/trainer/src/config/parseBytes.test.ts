import { expect, test } from 'vitest';
import { parseBytes } from './parseBytes.ts';

test.each([
  ['1', 1],
  ['64K', 65536],
  ['512M', 512 * 2 ** 20],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['2gb', 2 ** 31],
])('%s is %i bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', '0', '-1M', 'M', '12 parsecs', '1e3', '5 M B'])('"%s" is no amount', (text) => {
  expect(parseBytes(text)).toBeUndefined();
});
