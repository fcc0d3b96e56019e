import '../testing/cpuBackend.ts';
import { grad, memory, sum, tensor, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.ts';
import { finiteDifferences } from '../testing/reference.ts';
import { expectClose, integrate, normalValues, uniformValues } from '../testing/values.ts';
import { bernoulliLogits } from './bernoulliLogits.ts';
import { gaussian } from './gaussian.ts';
import type { Likelihood } from './likelihood.ts';

function scalarLoss(likelihood: Likelihood, x: number, output: number): number {
  return tidy(
    () => likelihood.negativeLogProb(tensor2d([[x]]), tensor2d([[output]])).dataSync()[0] ?? NaN,
  );
}

/** -log of the probability, from its definition, in float64. */
function bernoulliReference(x: number, logit: number): number {
  const logOfSigmoid = (l: number) => (l < -30 ? l : -Math.log1p(Math.exp(-l)));
  return -(x * logOfSigmoid(logit) + (1 - x) * logOfSigmoid(-logit));
}

describe('bernoulliLogits', () => {
  const likelihood = bernoulliLogits();

  it.each([-1000, -80, -20, -3, -0.5, 0, 1e-3, 0.5, 3, 20, 80, 1000])(
    'agrees with the definition in float64 at logit %d',
    (logit) => {
      for (const x of [0, 0.25, 0.5, 1]) {
        const expected = bernoulliReference(x, logit);
        const difference = Math.abs(scalarLoss(likelihood, x, logit) - expected);
        expect(difference).toBeLessThan(3e-7 * Math.max(1, expected));
      }
    },
  );

  it('gives probabilities that add up to one', () => {
    for (const logit of [-4, -1, 0, 2]) {
      const total = [0, 1].reduce((p, x) => p + Math.exp(-scalarLoss(likelihood, x, logit)), 0);
      expect(Math.abs(total - 1)).toBeLessThan(1e-6);
    }
  });

  it('has the derivative sigmoid(logit) - x, at zero and at the extremes too', () => {
    const logits = [-1000, -80, -2, -1e-4, 0, 1e-4, 2, 80, 1000];
    for (const x of [0, 0.3, 1]) {
      const xs = tensor2d([logits.map(() => x)]);
      const derivative = grad((l: Tensor) => sum(likelihood.negativeLogProb(xs, l)));
      const expected = logits.map((l) => 1 / (1 + Math.exp(-l)) - x);
      expectClose(derivative(tensor2d([logits])).dataSync(), expected, 1e-6);
    }
  });

  it('has the sigmoid as its mean', () => {
    const mean = likelihood.mean(tensor2d([[-2, 0, 3]])).dataSync();
    expectClose(mean, [1 / (1 + Math.exp(2)), 0.5, 1 / (1 + Math.exp(-3))], 1e-6);
  });
});

describe('gaussian', () => {
  it.each([0.05, 0.5, 1, 3])('integrates to one over x for sigma %d', (sigma) => {
    const points = 2001;
    const from = 0.3 - 10 * sigma;
    const xs = Float32Array.from({ length: points }, (_, i) => from + (i * 20 * sigma) / 2000);
    const output = tensor2d(new Float32Array(points).fill(0.3), [points, 1]);
    const losses = gaussian({ sigma })
      .negativeLogProb(tensor2d(xs, [points, 1]), output)
      .dataSync();
    let index = 0;
    const total = integrate(() => Math.exp(-(losses[index++] ?? NaN)), from, from + 20 * sigma);
    expect(Math.abs(total - 1)).toBeLessThan(1e-4);
  });

  it('agrees with the closed form in float64, summed over values', () => {
    const [x, output] = [uniformValues([2, 6]), normalValues([2, 6])];
    const sigma = 0.3;
    const expected = [0, 1].map((b) => {
      let total = 0;
      for (let i = b * 6; i < b * 6 + 6; i++) {
        const u = ((x[i] ?? NaN) - (output[i] ?? NaN)) / sigma;
        total += 0.5 * u * u + Math.log(sigma * Math.sqrt(2 * Math.PI));
      }
      return total;
    });
    const losses = gaussian({ sigma }).negativeLogProb(tensor(x, [2, 6]), tensor(output, [2, 6]));
    expectClose(losses.dataSync(), expected, 1e-6);
  });

  it.each([0, -1, NaN, Infinity])('refuses sigma %d', (sigma) => {
    expect(() => gaussian({ sigma })).toThrow(ModelError);
  });
});

describe.each([bernoulliLogits(), gaussian({ sigma: 0.4 })])('$name', (likelihood) => {
  const [x, output] = [uniformValues([2, 2, 3, 1]), normalValues([2, 2, 3, 1])];

  it('has the gradient that finite differences have', () => {
    const at = Float64Array.from(output);
    const f = () =>
      at.reduce((total, o, i) => {
        const value = x[i] ?? NaN;
        if (likelihood.name === 'gaussian') return total + (value - o) ** 2 / (2 * 0.4 ** 2);
        return total + bernoulliReference(value, o);
      }, 0);
    const images = tensor(x, [2, 2, 3, 1]);
    const gradient = grad((o: Tensor) => sum(likelihood.negativeLogProb(images, o)));
    const actual = gradient(tensor(output, [2, 2, 3, 1]));
    expect(actual.shape).toEqual([2, 2, 3, 1]);
    expectClose(actual.dataSync(), finiteDifferences(f, at), 1e-5);
  });

  it('gives one loss per example, the same for images and their flattened form', () => {
    const images = likelihood.negativeLogProb(
      tensor(x, [2, 2, 3, 1]),
      tensor(output, [2, 2, 3, 1]),
    );
    const rows = likelihood.negativeLogProb(tensor(x, [2, 6]), tensor(output, [2, 6]));
    expect(images.shape).toEqual([2]);
    expect(images.dataSync()).toEqual(rows.dataSync());
  });

  it('borrows its arguments and gives one new tensor', () => {
    const [a, b] = [tensor(x, [2, 2, 3, 1]), tensor(output, [2, 2, 3, 1])];
    const before = memory().numTensors;
    const loss = likelihood.negativeLogProb(a, b);
    expect(memory().numTensors).toBe(before + 1);
    loss.dispose();
    expect(a.isDisposed || b.isDisposed).toBe(false);
  });
});
