import '../testing/cpuBackend.ts';
import { memory, neg, tensor, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { decoderShape } from '../likelihoods/likelihood.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import { parameterTensors } from '../namedTensors.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { gaussianOfCodes } from '../priors/gaussianOfCodes.ts';
import { mixtureOfGaussians } from '../priors/mixtureOfGaussians.ts';
import { vampPrior } from '../priors/vampPrior.ts';
import { rae } from '../objectives/rae.ts';
import { pointMass } from '../posteriors/pointMass.ts';
import { inputDim, latentDim, parameterValues, smallVae } from '../testing/smallVae.ts';
import { expectClose, normalValues, uniformValues } from '../testing/values.ts';
import type { VaeOptions } from './options.ts';

const B = 3;
const encoder = mlpEncoder({ inputShape: [inputDim], hidden: [4], latentDim });
const of = (name: string): Partial<VaeOptions> => {
  const likelihood = findLikelihood(name);
  const outputShape = decoderShape(likelihood, [inputDim]);
  return { likelihood, decoder: mlpDecoder({ outputShape, hidden: [4], latentDim }) };
};
const compositions: Readonly<Record<string, Partial<VaeOptions>>> = {
  ...Object.fromEntries(
    [
      'bernoulli',
      'continuous-bernoulli',
      'gaussian:0.3',
      'gaussian-learned:0.2',
      'gaussian-per-output',
      'laplace',
      'student-t',
      'categorical:4',
      'logistic-mixture:2',
    ].map((name) => [name, of(name)]),
  ),
  mixture: { prior: mixtureOfGaussians({ latentDim, components: 3 }) },
  vamp: { encoder, prior: vampPrior({ encoder, components: 3 }) },
};

function runner(options: Partial<VaeOptions>) {
  const model = smallVae(options);
  const params = parameterTensors(model.parameters, parameterValues(model));
  const fn = model.functions.latentGradient;
  if (!fn) throw new Error('no such function');
  return (x: Float32Array, known: ArrayLike<number>, z: ArrayLike<number>) => {
    const rows = (values: ArrayLike<number>, width: number) =>
      tensor2d(Float32Array.from(values), [B, width]);
    const inputs = { x: rows(x, inputDim), known: rows(known, inputDim), z: rows(z, latentDim) };
    const before = memory().numTensors;
    const made = fn.apply(params, inputs, {}) as Record<'logJoint' | 'gradient', Tensor>;
    expect(memory().numTensors).toBe(before + 2);
    expect(made.logJoint.shape).toEqual([B]);
    expect(made.gradient.shape).toEqual([B, latentDim]);
    return { logJoint: made.logJoint.dataSync(), gradient: made.gradient.dataSync() };
  };
}

// Levels of all likelihoods of levels.
const x = uniformValues([B, inputDim]).map((value) => Math.floor(value * 4) / 3);
const z = normalValues([B, latentDim], 3);
const known = Float32Array.from(x, (_, i) => (i % inputDim < 3 ? 1 : 0));

describe.each(Object.entries(compositions))('%s', (_, options) => {
  const run = runner(options);

  it('is the slope of the logarithm', () => {
    const { gradient } = run(x, known, z);
    const step = 1e-2;
    for (let l = 0; l < latentDim; l++) {
      const at = (by: number) => z.map((value, i) => (i % latentDim === l ? value + by : value));
      const [up, down] = [run(x, known, at(step)), run(x, known, at(-step))];
      for (let row = 0; row < B; row++) {
        const rise = (up.logJoint[row] ?? NaN) - (down.logJoint[row] ?? NaN);
        const slope = rise / (2 * step);
        const got = gradient[row * latentDim + l] ?? NaN;
        expect(Math.abs(got - slope)).toBeLessThan(0.02 * Math.max(1, Math.abs(slope)));
      }
    }
  });

  it('is of the known values alone, which together are all', () => {
    const other = x.map((value, i) => (known[i] === 1 ? value : 1 - value));
    expect(run(other, known, z)).toEqual(run(x, known, z));
    const log = (mask: Float32Array) => run(x, mask, z).logJoint;
    const [none, all] = [log(known.map(() => 0)), log(known.map(() => 1))];
    const [some, rest] = [log(known), log(known.map((value) => 1 - value))];
    const sum = some.map((value, i) => value + (rest[i] ?? NaN) - (none[i] ?? NaN));
    expectClose(sum, all, 1e-5);
  });
});

it('of all values is log p(x | z) + log p(z)', () => {
  const model = smallVae();
  const params = parameterTensors(model.parameters, parameterValues(model));
  const batch = { x: tensor(x, [B, inputDim]) };
  const eps = tensor(normalValues([B, latentDim]), [B, latentDim]);
  const drawn = model.functions.drawLatent?.apply(params, batch, { eps }) ?? {};
  const { reconstruction } = model.functions.negativeElbo?.apply(params, batch, { eps }) ?? {};
  const logPrior = (drawn['logPrior'] as Tensor).dataSync();
  const logLikelihood = neg(reconstruction as Tensor).dataSync();
  const wanted = logPrior.map((value, i) => value + (logLikelihood[i] ?? NaN));
  const at = (drawn['z'] as Tensor).dataSync();
  expectClose(
    runner({})(
      x,
      x.map(() => 1),
      at,
    ).logJoint,
    wanted,
    1e-5,
  );
});

it('is not there where values depend on each other given z, or nothing is drawn', () => {
  expect(smallVae(of('multinomial')).functions.latentGradient).toBeUndefined();
  const objective = rae({ beta: 0.3, lambda: 0.1 });
  const prior = gaussianOfCodes(latentDim);
  const codes = smallVae({ posterior: pointMass(), prior, objective });
  expect(codes.functions.latentGradient).toBeUndefined();
});
