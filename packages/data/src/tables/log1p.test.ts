import fc from 'fast-check';
import { expect, it } from 'vitest';
import { log1p, symmetricExp, symmetricLog } from './log1p.ts';

it('is the logarithm of 1 + v, as Node has it', () => {
  const anyMagnitude = fc
    .tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -30, max: 300 }))
    .map(([digits, power]) => digits * 10 ** power);
  fc.assert(
    fc.property(anyMagnitude, (v) => {
      expect(Math.abs(log1p(v) / Math.log1p(v) - 1)).toBeLessThan(5e-16);
    }),
  );
});

it('knows the ends', () => {
  expect([log1p(0), log1p(Infinity), log1p(NaN)]).toEqual([0, Infinity, NaN]);
  expect(log1p(Math.E - 1)).toBeCloseTo(1, 15);
});

it('is undone on either side of zero', () => {
  for (const v of [-1e9, -3.5, -1e-12, 0, 1e-12, 0.7, 42, 1e15]) {
    expect(symmetricExp(symmetricLog(v)) / (v || 1)).toBeCloseTo(v ? 1 : 0, 12);
  }
});
