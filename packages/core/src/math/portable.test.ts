import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableCosPi, portableLog } from './portable.ts';

describe('portableLog', () => {
  it('agrees with Math.log to a few units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
        const expected = Math.log(x);
        expect(Math.abs(portableLog(x) - expected)).toBeLessThanOrEqual(
          1e-15 * Math.max(Math.abs(expected), 0.1),
        );
      }),
    );
  });

  it('is zero at one, and works for subnormal numbers', () => {
    expect(portableLog(1)).toBe(0);
    expect(portableLog(5e-324)).toBeCloseTo(-744.4400719213812, 10);
  });

  it.each([0, -1, NaN, Infinity])('refuses %d', (x) => {
    expect(() => portableLog(x)).toThrow(RangeError);
  });
});

describe('portableCosPi', () => {
  it('agrees with Math.cos', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (t) => {
        expect(Math.abs(portableCosPi(t) - Math.cos(Math.PI * t))).toBeLessThan(2e-15);
      }),
    );
  });

  it('is exact where the cosine is', () => {
    expect([0, 0.5, 1, 1.5, 2, -1].map((t) => portableCosPi(t) + 0)).toEqual([1, 0, -1, 0, 1, -1]);
  });

  it.each([NaN, Infinity])('refuses %d', (t) => {
    expect(() => portableCosPi(t)).toThrow(RangeError);
  });
});
