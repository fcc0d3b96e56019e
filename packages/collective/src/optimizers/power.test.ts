import fc from 'fast-check';
import { expect, it } from 'vitest';
import { power } from './power.ts';

it('is exact where doubles are', () => {
  expect(power(2, 0)).toBe(1);
  expect(power(0, 0)).toBe(1);
  expect(power(2, 52)).toBe(2 ** 52);
  expect(power(-3, 5)).toBe(-243);
  expect(power(0.5, 1074)).toBe(Number.MIN_VALUE);
  expect(power(0.999, 2 ** 40)).toBe(0);
});

it('agrees with Math.pow to double rounding', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 1, noNaN: true }),
      fc.integer({ min: 0, max: 700 }),
      (base, exponent) => {
        const expected = Math.pow(base, exponent);
        expect(Math.abs(power(base, exponent) - expected)).toBeLessThanOrEqual(1e-13 * expected);
      },
    ),
  );
});
