import '../testing/cpuBackend.ts';
import {
  add,
  grads,
  memory,
  sum,
  tensor2d,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { finiteDifferences } from '../testing/reference.ts';
import { expectClose, integrate, meanAndError, normalValues } from '../testing/values.ts';
import { klToStandardNormal, reparameterize } from './diagonalGaussian.ts';

const logDensity = (z: number, mu: number, logVar: number) =>
  -0.5 * (Math.log(2 * Math.PI) + logVar + (z - mu) ** 2 / Math.exp(logVar));

function kl(mu: number[][], logVar: number[][]): Float32Array {
  return klToStandardNormal({
    mu: tensor2d(mu),
    logVar: tensor2d(logVar),
  }).dataSync<'float32'>();
}

describe('klToStandardNormal', () => {
  it.each([
    [0, 0],
    [1.5, -1],
    [-3, 2],
    [0.2, -6],
    [0, 3],
  ])('agrees with quadrature of q log(q / p) for mu %d, logVar %d', (mu, logVar) => {
    const sigma = Math.exp(logVar / 2);
    const expected = integrate(
      (z) =>
        Math.exp(logDensity(z, mu, logVar)) * (logDensity(z, mu, logVar) - logDensity(z, 0, 0)),
      mu - 12 * sigma,
      mu + 12 * sigma,
    );
    expect(Math.abs((kl([[mu]], [[logVar]])[0] ?? NaN) - expected)).toBeLessThan(
      1e-6 * Math.max(1, expected),
    );
  });

  it('agrees with Monte Carlo over reparameterized draws, within five standard errors', () => {
    const [mu, logVar] = [
      [0.7, -1.2, 0.1],
      [-1.1, 0.4, -3],
    ] as const;
    const draws = 50_000;
    const repeat = (row: readonly number[]) =>
      tensor2d(Array.from({ length: draws }, () => [...row]));
    const eps = tensor2d(normalValues([draws, 3]), [draws, 3]);
    const z = reparameterize({ mu: repeat(mu), logVar: repeat(logVar) }, eps).arraySync();
    const logRatios = z.map((row) =>
      row.reduce(
        (total, value, l) =>
          total + logDensity(value, mu[l] ?? NaN, logVar[l] ?? NaN) - logDensity(value, 0, 0),
        0,
      ),
    );
    const { mean, error } = meanAndError(logRatios);
    expect(error).toBeLessThan(0.02);
    expect(Math.abs((kl([[...mu]], [[...logVar]])[0] ?? NaN) - mean)).toBeLessThan(5 * error);
  });

  it('sums over dimensions, per example', () => {
    const both = kl([[1, 2]], [[-1, 0.5]])[0] ?? NaN;
    const apart = kl([[1], [2]], [[-1], [0.5]]);
    expectClose([both], [(apart[0] ?? NaN) + (apart[1] ?? NaN)], 1e-6);
  });

  it('is exactly zero for the prior, and keeps digits near it', () => {
    expect(kl([[0, 0, 0]], [[0, 0, 0]])[0]).toBe(0);
    // 1/2 (exp(v) - 1 - v + mu^2) = 5e-7 + 2.5e-7 + ... at mu = v = 1e-3
    expectClose(kl([[1e-3]], [[1e-3]]), [0.5e-6 + 0.25e-6], 0.1);
  });
});

describe('reparameterize', () => {
  it('has the mean and variance asked for, within five standard errors', () => {
    const n = 50_000;
    const [mu, logVar] = [0.8, -1.4];
    const fill = (value: number) => tensor2d(new Float32Array(n).fill(value), [n, 1]);
    const eps = tensor2d(normalValues([n, 1], 3), [n, 1]);
    const z = reparameterize({ mu: fill(mu), logVar: fill(logVar) }, eps).dataSync();
    const first = meanAndError(z);
    expect(Math.abs(first.mean - mu)).toBeLessThan(5 * first.error);
    const second = meanAndError(z.map((value) => (value - mu) ** 2));
    expect(Math.abs(second.mean - Math.exp(logVar))).toBeLessThan(5 * second.error);
  });
});

describe('gradients and ownership', () => {
  const shape: [number, number] = [2, 3];
  const [mu, logVar, eps] = [0, 1, 2].map((i) => normalValues(shape, i)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];

  it('are those of finite differences', () => {
    const m = Float64Array.from(mu);
    const v = Float64Array.from(logVar);
    const f = () =>
      m.reduce((total, value, i) => {
        const variance = Math.exp(v[i] ?? NaN);
        const divergence = 0.5 * (variance + value ** 2 - 1 - (v[i] ?? NaN));
        return total + divergence + value + Math.sqrt(variance) * (eps[i] ?? NaN);
      }, 0);
    const gradients = grads((a: Tensor, b: Tensor) => {
      const posterior = { mu: a as Tensor2D, logVar: b as Tensor2D };
      const z = reparameterize(posterior, tensor2d(eps, shape));
      return add(sum(klToStandardNormal(posterior)), sum(z));
    })([tensor2d(mu, shape), tensor2d(logVar, shape)]);
    expectClose(gradients[0]?.dataSync() ?? [], finiteDifferences(f, m), 1e-5);
    expectClose(gradients[1]?.dataSync() ?? [], finiteDifferences(f, v), 1e-5);
  });

  it('borrow their arguments and give one new tensor', () => {
    const posterior = { mu: tensor2d(mu, shape), logVar: tensor2d(logVar, shape) };
    const noise = tensor2d(eps, shape);
    const before = memory().numTensors;
    const results = [klToStandardNormal(posterior), reparameterize(posterior, noise)];
    expect(memory().numTensors).toBe(before + 2);
    for (const result of results) result.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
