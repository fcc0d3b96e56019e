import { expect, it } from 'vitest';
import { normalValues } from '../testing/values.ts';
import { bitsPerDimension, ImportanceWeightedNll } from './importanceWeighted.ts';
import { LogMeanExp } from './logMeanExp.ts';

const logNormal = (x: number, mean: number, variance: number): number =>
  -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);

// p(z) = N(0, 1), p(x | z) = N(z, 1): p(x) = N(0, 2), and the true posterior is N(x / 2, 1 / 2).
const xs = [-2, 0.3, 1.5];
const exact = -xs.reduce((sum, x) => sum + logNormal(x, 0, 2), 0) / xs.length;

function estimate(k: number, mean: (x: number) => number, variance: number): number {
  const bound = new ImportanceWeightedNll(xs.length);
  const noise = normalValues([k, xs.length]);
  for (let draw = 0; draw < k; draw++) {
    bound.add(
      xs.map((x, i) => {
        const z = mean(x) + Math.sqrt(variance) * noise[draw * xs.length + i]!;
        return logNormal(x, z, 1) + logNormal(z, 0, 1) - logNormal(z, mean(x), variance);
      }),
    );
  }
  expect(bound.k).toBe(k);
  return bound.nll();
}

it('is -log p(x) with one draw, where the proposal is the true posterior', () => {
  expect(estimate(1, (x) => x / 2, 0.5)).toBeCloseTo(exact, 10);
});

it('falls from the negative ELBO to -log p(x) as k grows', () => {
  const proposal = (x: number): number => 0.5 * x + 0.4;
  const [one, ten, many] = [1, 10, 20_000].map((k) => estimate(k, proposal, 0.8));
  expect(one).toBeGreaterThan(exact);
  expect(many).toBeLessThan(ten!);
  expect(many).toBeCloseTo(exact, 2);
});

it('is stable where the weights themselves would overflow', () => {
  const bound = new LogMeanExp(2);
  bound.add([5000, -5000]);
  bound.add([5000 + Math.log(3), -5000]);
  bound.add([-Infinity, -5000]);
  const [large, small] = bound.values();
  expect(large).toBeCloseTo(5000 + Math.log(4 / 3), 10);
  expect(small).toBeCloseTo(-5000, 10);
});

it('is the same from pieces of the examples, all draws of each one after another', () => {
  const draws = [
    [1, 2, 3],
    [4, 0, -1],
  ];
  const [whole, pieces] = [new LogMeanExp(3), new LogMeanExp(3)];
  for (const draw of draws) whole.add(draw);
  for (const draw of draws) pieces.add(draw.slice(0, 2));
  for (const draw of draws) pieces.add(draw.slice(2), 2);
  expect(pieces.draws).toBe(2);
  expect(pieces.values()).toEqual(whole.values());
  expect(() => pieces.add([1, 2], 2)).toThrow(RangeError);
});

it('a fair coin has one bit per dimension', () => {
  expect(bitsPerDimension(784 * Math.LN2, 784)).toBeCloseTo(1, 12);
});
