import { expect, it } from 'vitest';
import { cosPi } from './cosPi.ts';

it('agrees with Math.cos', () => {
  let worst = 0;
  for (let i = 0; i <= 100_000; i++) {
    const x = i / 100_000;
    worst = Math.max(worst, Math.abs(cosPi(x) - Math.cos(Math.PI * x)));
  }
  expect(worst).toBeLessThan(4e-16);
});

it('is exact at 0, 1/2 and 1', () => {
  expect(cosPi(0)).toBe(1);
  expect(cosPi(0.5)).toBe(0);
  expect(cosPi(1)).toBe(-1);
});
