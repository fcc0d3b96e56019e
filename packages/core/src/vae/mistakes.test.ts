/**
 * The usual mistakes of VAE tutorials, each made here on purpose: the checks that the VAE passes must
 * catch them. What is checked against is known from elsewhere: p(x) of a linear Gaussian model, the
 * expectation of its squared error, an integral for the KL.
 */
import '../testing/cpuBackend.ts';
import { add, exp, mul, mean, neg, sub, tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { evaluationContext } from '../evaluationContext.ts';
import { dense } from '../layers/dense.ts';
import { gaussian } from '../likelihoods/gaussian.ts';
import { elbo } from '../objectives/elbo.ts';
import type { Objective } from '../objectives/objective.ts';
import { diagonalGaussian } from '../posteriors/diagonalGaussianPosterior.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { integrate, meanAndError, normalValues } from '../testing/values.ts';
import { vae, type Vae } from '../vae.ts';
import type { VaeOptions } from './options.ts';

// x = w z + sigma * noise, z ~ N(0, 1): p(x) = N(0, w w' + sigma^2 I), and a Gaussian posterior.
const sigma = 0.5;
const w = [0.9, -0.4, 1.3];
const x = [0.8, -0.5, 0.6];
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
const posteriorVariance = sigma ** 2 / (sigma ** 2 + dot(w, w));
const posteriorMean = dot(w, x) / (sigma ** 2 + dot(w, w));

const N = 20_000;
const fill = (value: number): Tensor2D => tensor2d(new Float32Array(N).fill(value), [N, 1]);

function modelOf(changes: Partial<VaeOptions> = {}): Vae {
  return vae({
    encoder: {
      inputShape: [3],
      latentDim: 1,
      parameters: [],
      apply: () => ({ mu: fill(posteriorMean), logVar: fill(Math.log(posteriorVariance)) }),
    },
    decoder: dense('w', { inputs: 1, units: 3 }),
    latentDim: 1,
    likelihood: gaussian({ sigma }),
    ...changes,
  });
}

/** Loss and reconstruction of N draws. */
function evaluate(model: Vae, eps = normalValues([N, 1], 5)) {
  return tidy(() => {
    const params = { 'w/kernel': tensor([w]), 'w/bias': tensor([0, 0, 0]) };
    const batch = { x: tensor(Array.from({ length: N }, () => x)) };
    const noise = { eps: tensor(eps, [N, 1]) };
    const { loss, metrics } = model.loss(params, batch, noise, evaluationContext(model, N));
    return {
      losses: loss.dataSync(),
      reconstructions: metrics['reconstruction']?.dataSync() ?? [],
    };
  });
}

const squares = (z: number) => w.reduce((sum, wi, i) => sum + ((x[i] ?? NaN) - wi * z) ** 2, 0);
const constant = 3 * Math.log(sigma * Math.sqrt(2 * Math.PI));

function agrees(values: ArrayLike<number>, expected: number): boolean {
  const found = meanAndError(values);
  return Math.abs(found.mean - expected) < 5 * found.error + 1e-4;
}

const checks = {
  /** With the exact posterior the bound is tight. */
  bound(model: Vae) {
    const variance = sigma ** 2;
    const logDeterminant = 2 * Math.log(variance) + Math.log(variance + dot(w, w));
    const mahalanobis = (dot(x, x) - dot(w, x) ** 2 / (variance + dot(w, w))) / variance;
    const expected = 0.5 * (3 * Math.log(2 * Math.PI) + logDeterminant + mahalanobis);
    return agrees(evaluate(model).losses, expected);
  },
  /** E |x - w z|^2 has the posterior's variance in it. */
  spread(model: Vae) {
    const expected = (squares(posteriorMean) + dot(w, w) * posteriorVariance) / (2 * sigma ** 2);
    return agrees(evaluate(model).reconstructions, expected + constant);
  },
  /** At the posterior's mean, where the noise is zero. */
  sum(model: Vae) {
    const { reconstructions } = evaluate(model, new Float32Array(N));
    return agrees(reconstructions, squares(posteriorMean) / (2 * sigma ** 2) + constant);
  },
  /** What the loss has beside the reconstruction is the integral of q log(q / p). */
  kl(model: Vae) {
    const log = (z: number, m: number, v: number) =>
      -0.5 * ((z - m) ** 2 / v + Math.log(2 * Math.PI * v));
    const q = (z: number) => log(z, posteriorMean, posteriorVariance);
    const expected = integrate((z) => Math.exp(q(z)) * (q(z) - log(z, 0, 1)), -4, 4);
    const { losses, reconstructions } = evaluate(model);
    return agrees(
      losses.map((loss, i) => loss - (reconstructions[i] ?? NaN)),
      expected,
    );
  },
};

const failed = (model: Vae) =>
  Object.entries(checks)
    .filter(([, holds]) => !holds(model))
    .map(([name]) => name);

const drawing = (z: (mu: Tensor2D, logVar: Tensor2D, eps: Tensor2D) => Tensor2D): Posterior => {
  const right = diagonalGaussian();
  return {
    ...right,
    draw: (params, encoded, eps) => ({
      ...right.draw(params, encoded, eps),
      z: z(encoded.mu, encoded.logVar, eps as Tensor2D),
    }),
  };
};

const losing = (regular: (kl: Tensor1D) => Tensor1D | undefined): Objective => ({
  ...elbo(),
  loss({ reconstruction, kl }) {
    const term = regular(kl);
    const loss = term ? add<Tensor1D>(reconstruction, term) : add<Tensor1D>(reconstruction, 0);
    return { loss, metrics: { reconstruction, kl } };
  },
});

const right = gaussian({ sigma });

describe('the usual mistakes', () => {
  it('are not made here', () => {
    expect(failed(modelOf())).toEqual([]);
  });

  it.each<[string, Partial<VaeOptions>, string[]]>([
    [
      'exp(logVar) taken for the standard deviation',
      { posterior: drawing((mu, logVar, eps) => add(mu, mul(exp(logVar), eps))) },
      ['bound', 'spread'],
    ],
    [
      'half of what the deviation is: exp(logVar / 4)',
      { posterior: drawing((mu, logVar, eps) => add(mu, mul(exp(mul(logVar, 0.25)), eps))) },
      ['bound', 'spread'],
    ],
    ['no eps: z = mu', { posterior: drawing((mu) => add(mu, 0)) }, ['bound', 'spread']],
    [
      'the mean instead of the sum over the values',
      {
        likelihood: {
          ...right,
          negativeLogProb: (data, output) =>
            mul<Tensor1D>(right.negativeLogProb(data, output), 1 / 3),
        },
      },
      ['bound', 'spread', 'sum'],
    ],
    [
      'squared error without its scale',
      {
        likelihood: {
          ...right,
          negativeLogProb: (data, output) =>
            mean<Tensor1D>(mul(sub(data, output), sub(data, output)), 1),
        },
      },
      ['bound', 'spread', 'sum'],
    ],
    ['the KL with the wrong sign', { objective: losing((kl) => neg(kl)) }, ['bound', 'kl']],
    ['no KL', { objective: losing(() => undefined) }, ['bound', 'kl']],
    ['half the KL', { objective: losing((kl) => mul(kl, 0.5)) }, ['bound', 'kl']],
  ])('%s would be caught', (_, mistake, expected) => {
    expect(failed(modelOf(mistake))).toEqual(expected);
  });
});
