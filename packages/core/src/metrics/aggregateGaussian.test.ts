import { expect, it } from 'vitest';
import { normalValues } from '../testing/values.ts';
import { aggregateGaussian } from './aggregateGaussian.ts';
import { rowsOf } from './rows.ts';

it('draws with the mean and the covariance of means and variances together', () => {
  // mu: (1, 2), (3, 6): mean (2, 4), covariance [[2, 4], [4, 8]]; E[sigma^2] = (0.5, 3).
  const mu = rowsOf(Float32Array.of(1, 2, 3, 6), 2);
  const logVar = rowsOf(
    Float64Array.of(Math.log(0.25), Math.log(2), Math.log(0.75), Math.log(4)),
    2,
  );
  const { draw } = aggregateGaussian(mu, logVar);
  expect([...draw(Float32Array.of(0, 0))]).toEqual([2, 4]);
  const [a, b] = [draw(Float32Array.of(1, 0)), draw(Float32Array.of(0, 1))].map(
    ([x = 0, y = 0]) => [x - 2, y - 4],
  ) as [[number, number], [number, number]];
  // The sum of the outer products of the root's columns is the covariance.
  expect(a[0] ** 2 + b[0] ** 2).toBeCloseTo(2.5, 5);
  expect(a[0] * a[1] + b[0] * b[1]).toBeCloseTo(4, 5);
  expect(a[1] ** 2 + b[1] ** 2).toBeCloseTo(11, 5);
});

it('of latents that follow N(0, I) changes next to nothing', () => {
  const [count, dim] = [20_000, 3];
  const mu = rowsOf(Float32Array.from(normalValues([count, dim])), dim);
  const noise = Float32Array.of(0.5, -1.5, 1);
  aggregateGaussian(mu)
    .draw(noise)
    .forEach((z, j) => {
      expect(Math.abs(z - (noise[j] ?? 0))).toBeLessThan(0.05);
    });
});
