import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { shownPath } from './shownPath.ts';

test('short inside the current folder, absolute elsewhere', () => {
  expect(shownPath(resolve('runs/a'))).toBe('runs/a');
  expect(shownPath('runs/a')).toBe('runs/a');
  expect(shownPath(resolve('..', 'b'))).toBe(resolve('..', 'b'));
  expect(shownPath(resolve('.'))).toBe(resolve('.'));
});
