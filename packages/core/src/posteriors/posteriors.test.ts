import '../testing/cpuBackend.ts';
import { memory, sub, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { inverseAutoregressive } from '../flows/inverseAutoregressive.ts';
import { planar } from '../flows/planar.ts';
import { initializeParameters } from '../initialize.ts';
import { parameterTensors } from '../namedTensors.ts';
import { standardNormal } from '../priors/standardNormal.ts';
import { expectClose, meanAndError, normalValues } from '../testing/values.ts';
import { diagonalGaussian } from './diagonalGaussianPosterior.ts';
import { flowPosterior } from './flowPosterior.ts';
import { fullGaussian } from './fullGaussian.ts';
import type { Encoded, Posterior } from './posterior.ts';

const L = 3;
const posteriors = {
  diagonalGaussian: diagonalGaussian(),
  fullGaussian: fullGaussian(L),
  planar: flowPosterior([planar('planar1', L), planar('planar2', L)]),
  inverseAutoregressive: flowPosterior([
    inverseAutoregressive('iaf1', { latentDim: L, hiddenDim: 6, extraDim: 2 }),
    inverseAutoregressive('iaf2', { latentDim: L, hiddenDim: 6, extraDim: 2, reversed: true }),
  ]),
};

/** The same distribution for all of N rows. */
function encoded(posterior: Posterior, N: number): Encoded {
  const repeated = (values: Float32Array) =>
    tensor2d(
      Float32Array.from({ length: N * values.length }, (_, i) => values[i % values.length] ?? NaN),
      [N, values.length],
    );
  const mild = (size: number, example: number) => normalValues([size], example).map((v) => v * 0.6);
  const { extraDim } = posterior;
  return {
    mu: repeated(mild(L, 1)),
    logVar: repeated(mild(L, 2)),
    ...(extraDim > 0 && { extra: repeated(mild(extraDim, 3)) }),
  };
}

const paramsOf = ({ parameters }: Posterior) =>
  parameterTensors(parameters, initializeParameters(parameters, 2));

describe.each(Object.values(posteriors))('$name', (posterior) => {
  const N = 20_000;
  const draw = () =>
    tidy(() => {
      const eps = tensor2d(normalValues([N, L], 6), [N, L]);
      const { z, logProb } = posterior.draw(paramsOf(posterior), encoded(posterior, N), eps);
      return { z, logQ: logProb() };
    });

  it('has a density: E[g(z) / q(z)] is one for another density g', () => {
    const before = memory().numTensors;
    const ratios = tidy(() => {
      const { z, logQ } = draw();
      return sub<Tensor>(standardNormal(L).logProb({}, z), logQ);
    });
    const { mean, error } = meanAndError(ratios.dataSync().map(Math.exp));
    ratios.dispose();
    expect(memory().numTensors).toBe(before);
    expect(error).toBeLessThan(0.05);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
  });

  if (posterior.logProb) {
    it('scores a draw as the draw scores itself', () => {
      const { z, logQ } = draw();
      const scored = posterior.logProb?.(encoded(posterior, N), z);
      expectClose(scored?.dataSync() ?? [], logQ.dataSync(), 1e-5);
    });
  }
});

describe('the full Gaussian', () => {
  const posterior = posteriors.fullGaussian;
  const { mu, logVar, extra } = encoded(posterior, 1);
  const numbers = (t: Tensor) => Array.from(t.dataSync());
  const [m, v, below] = [numbers(mu), numbers(logVar), numbers(extra ?? mu)];
  const S = [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => {
      if (j > i) return 0;
      return i === j ? Math.exp((v[i] ?? NaN) / 2) : (below[(i * (i - 1)) / 2 + j] ?? NaN);
    }),
  );
  const covariance = S.map((a) =>
    S.map((b) => a.reduce((sum, s, k) => sum + s * (b[k] ?? NaN), 0)),
  );

  it("has the covariance S S'", () => {
    const N = 20_000;
    const eps = tensor2d(normalValues([N, L], 12), [N, L]);
    const z = posterior.draw({}, encoded(posterior, N), eps).z.dataSync();
    for (let i = 0; i < L; i++) {
      for (let j = 0; j < L; j++) {
        const centred = (n: number, l: number) => (z[n * L + l] ?? NaN) - (m[l] ?? NaN);
        const products = Float64Array.from({ length: N }, (_, n) => centred(n, i) * centred(n, j));
        const { mean, error } = meanAndError(products);
        expect(Math.abs(mean - (covariance[i]?.[j] ?? NaN))).toBeLessThan(5 * error);
      }
    }
  });

  it('is summed up by the mean and the variance of each dimension', () => {
    const summary = posterior.summary({}, encoded(posterior, 1));
    expectClose(summary.mu.dataSync(), m, 1e-6);
    const variances = [...(summary.logVar?.dataSync() ?? [])].map(Math.exp);
    expectClose(
      variances,
      covariance.map((row, i) => row[i] ?? NaN),
      1e-5,
    );
  });

  it('has the KL of its closed form on average', () => {
    // KL(N(m, C) || N(0, I)) = 1/2 (tr C + m'm - L - log det C), det S = product of its diagonal.
    const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? NaN), 0);
    const norm = m.reduce((sum, value) => sum + value * value, 0);
    const expected = 0.5 * (trace + norm - L - v.reduce((sum, value) => sum + value, 0));
    const N = 20_000;
    const eps = tensor2d(normalValues([N, L], 13), [N, L]);
    const drawn = posterior.draw({}, encoded(posterior, N), eps);
    const kls = sub<Tensor>(drawn.logProb(), standardNormal(L).logProb({}, drawn.z)).dataSync();
    const { mean, error } = meanAndError(kls);
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.02);
  });

  it('of one dimension is the diagonal one', () => {
    const eps = tensor2d([[0.3], [-1]]);
    const one = { mu: tensor2d([[1], [2]]), logVar: tensor2d([[0.5], [-1]]) };
    const [full, diagonal] = [fullGaussian(1), diagonalGaussian()].map((each) =>
      each.draw({}, one, eps),
    );
    expectClose(full?.z.dataSync() ?? [], diagonal?.z.dataSync() ?? [NaN], 1e-6);
    expectClose(full?.logProb().dataSync() ?? [], diagonal?.logProb().dataSync() ?? [NaN], 1e-6);
  });
});

it('flows are summed up by the image of the mean', () => {
  const posterior = posteriors.planar;
  const given = encoded(posterior, 1);
  const zero = tensor2d([[0, 0, 0]]);
  const still = posterior.draw({}, given, zero).z;
  const { mu } = posterior.summary({}, given);
  expectClose(mu.dataSync(), still.dataSync(), 1e-6);
});
