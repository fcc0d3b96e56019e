import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.ts';
import type { RandomPosition } from './counter.ts';
import { fillNoise } from './noise.ts';
import { uniformFromWord } from './normal.ts';
import { philox4x32, type PhiloxBlock } from './philox.ts';

const position: RandomPosition = { seed: 7, kind: 'trainNoise', stream: 0, epoch: 3, example: 11 };
const N = 1 << 18;

function draw(distribution: 'normal' | 'uniform', length: number, at = position): Float32Array {
  const out = new Float32Array(length);
  fillNoise(out, distribution, at);
  return out;
}

/** Mean of f over the sample, and the distance to `expected` in standard errors. */
function standardErrors(
  sample: Float32Array,
  moment: (x: number) => number,
  expected: number,
  variance: number,
): number {
  let sum = 0;
  for (const x of sample) sum += moment(x);
  return Math.abs(sum / sample.length - expected) / Math.sqrt(variance / sample.length);
}

describe('fillNoise', () => {
  it('follows the documented layout of key, counter and lanes', () => {
    const seed = 5 * 2 ** 32 + 9;
    const at: RandomPosition = { seed, kind: 'evalNoise', stream: 2, epoch: 4, example: 6 };
    const sample = draw('uniform', 11, at);
    const words: PhiloxBlock = [0, 0, 0, 0];
    for (const [i, value] of sample.entries()) {
      philox4x32([i >> 2, 6, 4, 4 * 65536 + 2], [9, 5], words);
      expect(value).toBe(uniformFromWord(words[i % 4] ?? NaN));
    }
  });

  it('gives a prefix of the same values for a shorter array', () => {
    const long = draw('normal', 64);
    for (let length = 0; length <= 9; length++) {
      expect(draw('normal', length)).toEqual(long.slice(0, length));
    }
  });

  it.each(['seed', 'stream', 'epoch', 'example'] as const)('depends on the %s', (name) => {
    const other = draw('normal', 8, { ...position, [name]: position[name] + 1 });
    expect(other).not.toEqual(draw('normal', 8));
  });

  it('depends on what it is for', () => {
    expect(draw('normal', 8, { ...position, kind: 'sampling' })).not.toEqual(draw('normal', 8));
  });

  it('distinguishes seeds above 2^32', () => {
    const high = draw('normal', 8, { ...position, seed: 7 + 2 ** 32 });
    expect(high).not.toEqual(draw('normal', 8));
  });

  // Five standard errors: a wrong distribution fails, a right one fails once in two million.
  it('has the moments of U(0, 1)', () => {
    const sample = draw('uniform', N);
    expect(standardErrors(sample, (x) => x, 1 / 2, 1 / 12)).toBeLessThan(5);
    expect(standardErrors(sample, (x) => x * x, 1 / 3, 4 / 45)).toBeLessThan(5);
    expect(Math.min(...sample.slice(0, 100_000))).toBeGreaterThan(0);
    expect(Math.max(...sample.slice(0, 100_000))).toBeLessThan(1);
  });

  it('has the moments of N(0, 1)', () => {
    const sample = draw('normal', N);
    expect(standardErrors(sample, (x) => x, 0, 1)).toBeLessThan(5);
    expect(standardErrors(sample, (x) => x ** 2, 1, 2)).toBeLessThan(5);
    expect(standardErrors(sample, (x) => x ** 3, 0, 15)).toBeLessThan(5);
    expect(standardErrors(sample, (x) => x ** 4, 3, 96)).toBeLessThan(5);
  });

  it('has the distribution function of N(0, 1) (Kolmogorov-Smirnov)', () => {
    const sorted = draw('normal', 20_000).sort();
    let distance = 0;
    for (const [i, x] of sorted.entries()) {
      const cdf = normalCdf(x);
      distance = Math.max(distance, Math.abs(cdf - i / 20_000), Math.abs(cdf - (i + 1) / 20_000));
    }
    expect(distance * Math.sqrt(20_000)).toBeLessThan(2.3); // p = 5e-5
  });

  it('has uncorrelated neighbours, within a block and between blocks', () => {
    const sample = draw('normal', N);
    for (const lag of [1, 2, 3, 4]) {
      let sum = 0;
      for (let i = lag; i < N; i++) sum += (sample[i] ?? NaN) * (sample[i - lag] ?? NaN);
      expect(Math.abs(sum) / Math.sqrt(N - lag)).toBeLessThan(5);
    }
  });

  it.each([
    ['seed', -1],
    ['seed', 1.5],
    ['seed', 2 ** 53],
    ['stream', 65536],
    ['epoch', 2 ** 32],
    ['example', NaN],
  ] as const)('refuses %s %d', (name, value) => {
    expect(() => draw('normal', 4, { ...position, [name]: value })).toThrow(ModelError);
    expect(() => draw('normal', 4, { ...position, [name]: value })).toThrow(name);
  });
});

/** Phi(x) by Simpson's rule on the density from 0. */
function normalCdf(x: number): number {
  const steps = 200;
  const h = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-0.5 * (i * h) ** 2);
  }
  return 0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}
