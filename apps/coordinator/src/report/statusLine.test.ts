import { expect, test } from 'vitest';
import { recordOutput } from '../testing/recordOutput.ts';
import { StatusLine } from './statusLine.ts';

test('draws over itself, leaves the last column free, and clears once', () => {
  const output = recordOutput({ isTTY: true, columns: 40 });
  let now = 0;
  const line = new StatusLine(output, () => now);
  line.clear();
  expect(output.text).toBe('');
  line.draw((width) => `width ${width}`);
  expect(output.text).toBe('\r\x1b[2Kwidth 39');
  now += 99;
  line.draw(() => 'too soon');
  now += 1;
  line.draw(() => 'again');
  expect(output.text).toBe('\r\x1b[2Kwidth 39\r\x1b[2Kagain');
  line.clear();
  line.clear();
  expect(output.text).toBe('\r\x1b[2Kwidth 39\r\x1b[2Kagain\r\x1b[2K');
});
