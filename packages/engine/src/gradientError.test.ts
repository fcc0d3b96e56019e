import { expect, test } from 'vitest';
import { relativeError } from './gradientError.ts';

test('is relative to the norm of the whole tensor', () => {
  expect(relativeError([3, 4], [3, 4])).toBe(0);
  expect(relativeError([3, 4.5], [3, 4])).toBeCloseTo(0.1, 12);
  // One small element quite wrong is a small error of the tensor.
  expect(relativeError([1e-6, 4], [0, 4])).toBeCloseTo(2.5e-7, 12);
});

test('is absolute where zero is expected', () => {
  expect(relativeError([0.25], [0])).toBe(0.25);
  expect(relativeError([], [])).toBe(0);
});

test('is NaN where a number is missing or not a number', () => {
  expect(relativeError([NaN, 1], [1, 1])).toBeNaN();
  expect(relativeError([1], [1, 1])).toBeNaN();
});
