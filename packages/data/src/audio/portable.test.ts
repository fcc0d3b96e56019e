import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DECIBELS, portableCosPi, portableExp, portableLog, portableSinPi } from './portable.ts';

const near = (got: number, expected: number, scale = Math.abs(expected)): void => {
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(4e-15 * Math.max(scale, 1e-300));
};

it('has the logarithm, the exponential, cosine and sine of Math, to the last digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      near(portableLog(x), Math.log(x), Math.max(1, Math.abs(Math.log(x))));
    }),
  );
  fc.assert(
    fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (x) => {
      near(portableExp(x), Math.exp(x));
    }),
  );
  fc.assert(
    fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (t) => {
      near(portableCosPi(t), Math.cos(Math.PI * t), 1);
      near(portableSinPi(t), Math.sin(Math.PI * t), 1);
    }),
  );
  near(DECIBELS, 10 / Math.LN10);
});
