/** Values for tests: reproducible noise, and comparison with a tolerance. */
import { expect } from 'vitest';
import { fillNoise } from '../random/noise.ts';
import { elementCount } from '../shape.ts';

/** Standard normal values; another `example` gives others. */
export function normalValues(shape: readonly number[], example = 0): Float32Array {
  const out = new Float32Array(elementCount(shape));
  fillNoise(out, 'normal', { seed: 1, kind: 'sampling', stream: 0, epoch: 0, example });
  return out;
}

/** Values in (0, 1). */
export function uniformValues(shape: readonly number[], example = 0): Float32Array {
  const out = new Float32Array(elementCount(shape));
  fillNoise(out, 'uniform', { seed: 2, kind: 'sampling', stream: 0, epoch: 0, example });
  return out;
}

/** Largest difference, relative to the largest expected value, is below `tolerance`. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length).toBe(expected.length);
  let scale = 1e-30;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i] ?? NaN));
    difference = Math.max(difference, Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN)));
  }
  expect(difference / scale).toBeLessThan(tolerance);
}

/** Mean of the values, and its standard error. */
export function meanAndError(values: ArrayLike<number>): { mean: number; error: number } {
  const list = Array.from(values);
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
  const variance = list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (list.length - 1);
  return { mean, error: Math.sqrt(variance / list.length) };
}

/** Simpson's rule over [from, to]. */
export function integrate(f: (x: number) => number, from: number, to: number): number {
  const steps = 2000;
  const h = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    sum += f(from + i * h) * (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
  }
  return (sum * h) / 3;
}
