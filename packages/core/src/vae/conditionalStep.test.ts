import '../testing/cpuBackend.ts';
import { memory, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { gaussian } from '../likelihoods/gaussian.ts';
import { parameterTensors } from '../namedTensors.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { flowPosterior } from '../posteriors/flowPosterior.ts';
import { planar } from '../flows/planar.ts';
import { meanAndError, normalValues, uniformValues } from '../testing/values.ts';
import { smallVae } from '../testing/smallVae.ts';
import { vae } from '../vae.ts';

// x = W z + b + sigma e, z and e standard normal: factor analysis with two factors and three values.
const W = [
  [1.2, -0.3],
  [0.4, 0.9],
  [-0.8, 1.1],
] as const;
const b = [0.5, -1, 0.2] as const;
const sigma = 0.6;
const known = [1.4, -1.3] as const;

/** Mean and variance of x_2 given x_0 and x_1, by the formula of conditional Gaussians. */
function closedForm(): { mean: number; variance: number } {
  const covariance = (i: 0 | 1 | 2, j: 0 | 1 | 2): number =>
    W[i][0] * W[j][0] + W[i][1] * W[j][1] + (i === j ? sigma ** 2 : 0);
  const [p, q, r] = [covariance(0, 0), covariance(0, 1), covariance(1, 1)];
  const [u, v] = [covariance(2, 0), covariance(2, 1)];
  const determinant = p * r - q * q;
  const weights = [(u * r - v * q) / determinant, (v * p - u * q) / determinant] as const;
  const mean = b[2] + weights[0] * (known[0] - b[0]) + weights[1] * (known[1] - b[1]);
  return { mean, variance: covariance(2, 2) - weights[0] * u - weights[1] * v };
}

it('draws what is not known from its distribution given the rest, though q(z | x) is the prior', () => {
  const model = vae({
    encoder: mlpEncoder({ inputShape: [3], hidden: [], latentDim: 2 }),
    decoder: mlpDecoder({ outputShape: [3], hidden: [], latentDim: 2 }),
    latentDim: 2,
    likelihood: gaussian({ sigma }),
  });
  const weights = (shape: readonly number[]): Float32Array =>
    Float32Array.from(
      shape.length === 2 ? [0, 1].flatMap((l) => W.map((row) => row[l] ?? NaN)) : b,
    );
  const values = Object.fromEntries(
    model.parameters.map(({ name, shape }) => [
      name,
      name.startsWith('decoder')
        ? weights(shape)
        : new Float32Array(shape.reduce((total, length) => total * length, 1)),
    ]),
  );
  const params = parameterTensors(model.parameters, values);
  const chains = 3000;
  const step = model.functions.conditionalStep;
  if (!step) throw new Error('no such function');
  let x = Float32Array.from({ length: 3 * chains }, (_, i) => known[i % 3] ?? 0);
  let z = normalValues([chains, 2], 1);
  let moves = 0;
  const steps = 60;
  const before = memory().numTensors;
  for (let t = 0; t < steps; t++) {
    const given = {
      x: tensor(x, [chains, 3]),
      z: tensor(z, [chains, 2]),
      eps: tensor(normalValues([chains, 2], 100 + t), [chains, 2]),
      accept: tensor(uniformValues([chains], 200 + t), [chains]),
      'likelihood/eps': tensor(normalValues([chains, 3], 300 + t), [chains, 3]),
    };
    const made = step.apply(params, given, given) as Record<'x' | 'z' | 'accepted', Tensor>;
    const drawn = made.x.dataSync();
    x = Float32Array.from(drawn, (value, i) => known[i % 3] ?? value);
    z = made.z.dataSync().slice() as Float32Array<ArrayBuffer>;
    moves += made.accepted.dataSync<'float32'>().reduce((sum, value) => sum + value, 0);
    for (const each of [...Object.values(given), ...Object.values(made)]) each.dispose();
  }
  expect(memory().numTensors).toBe(before);
  // Steps are refused, and not all.
  expect(moves / (steps * chains)).toBeGreaterThan(0.1);
  expect(moves / (steps * chains)).toBeLessThan(0.9);
  const wanted = closedForm();
  const drawn = Array.from({ length: chains }, (_, i) => x[3 * i + 2] ?? NaN);
  const { mean, error } = meanAndError(drawn);
  expect(Math.abs(mean - wanted.mean)).toBeLessThan(5 * error);
  const squares = meanAndError(drawn.map((value) => (value - wanted.mean) ** 2));
  expect(Math.abs(squares.mean - wanted.variance)).toBeLessThan(5 * squares.error);
  // Which is another distribution than that of x_2 alone.
  expect(Math.abs(wanted.mean - b[2])).toBeGreaterThan(20 * error);
});

it('is not there where q has no density at any z', () => {
  const flow = flowPosterior([planar('planar', 3)]);
  expect(smallVae({ posterior: flow }).functions.conditionalStep).toBeUndefined();
  expect(smallVae().functions.conditionalStep).toBeDefined();
});
