import '../testing/cpuBackend.ts';
import { tensor, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { bernoulliLogits } from '../likelihoods/bernoulliLogits.ts';
import { gaussian } from '../likelihoods/gaussian.ts';
import type { NamedTensors } from '../model.ts';
import { denseStack } from '../networks/denseStack.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { expectModelContract, gradients, noiseOf, runOf } from '../testing/modelContract.ts';
import { expectClose, meanAndError } from '../testing/values.ts';
import { vae } from '../vae.ts';
import { nested } from './nested.ts';
import { semiSupervised } from './semiSupervised.ts';
import { stackedSemiSupervised } from './stackedSemiSupervised.ts';

const [size, C, B, sigma] = [5, 3, 4, 0.7];
const networks = (latentDim: number) => ({
  encoder: mlpEncoder({ inputShape: [size], hidden: [4], latentDim }),
  decoder: mlpDecoder({ outputShape: [size], hidden: [4], latentDim }),
  latentDim,
  likelihood: bernoulliLogits(),
});
const classesOf = (latentDim: number, styleDim: number) =>
  semiSupervised({
    shape: [latentDim],
    classes: C,
    classifier: denseStack('classifier', { inputs: latentDim, units: [4, C] }),
    encoder: mlpEncoder({ inputShape: [latentDim + C], hidden: [4], latentDim: styleDim }),
    decoder: mlpDecoder({ outputShape: [latentDim], hidden: [4], latentDim: styleDim + C }),
    likelihood: gaussian({ sigma }),
    alpha: 2,
  });
const create = (latentDim: number, styleDim: number) =>
  stackedSemiSupervised({ ...networks(latentDim), classes: classesOf(latentDim, styleDim) });

const [m1, m2, model] = [vae(networks(3)), classesOf(3, 2), create(3, 2)];
const upper = nested('classes/', m2);
const run = runOf(model, B);
const seen = { 'classes/labels/known': tensor(0.3), 'classes/labels/seen': tensor(0.6) };
const params = { ...run.params, ...seen };
const batch = { ...run.batch, label: tensor([2, -1, 0, -1], [B]) };
const { noise, context } = run;
const values = (tensors: NamedTensors, name: string) => Array.from(tensors[name]?.dataSync() ?? []);

/** z1 as M1 draws it, [B, 3]. */
function drawn(): Tensor2D {
  const { z } = m1.functions.drawLatent?.apply(params, batch, noise) ?? {};
  return z as Tensor2D;
}

it('keeps the contract', () => {
  expectModelContract(model);
});

it("is M1's loss, and M2's of what M1 draws", () => {
  const below = m1.loss(params, batch, noise, context);
  const above = m2.loss(
    upper.inner(params),
    { x: drawn(), label: batch.label },
    upper.inner(noise),
    context,
  );
  const { loss, metrics, statistics = {} } = model.loss(params, batch, noise, context);
  const latent = Array.from(above.loss.dataSync());
  expectClose(values(metrics, 'latent'), latent, 1e-5);
  expectClose(
    loss.dataSync(),
    Array.from(below.loss.dataSync(), (value, b) => value + (latent[b] ?? NaN)),
    1e-5,
  );
  for (const metric of ['reconstruction', 'kl']) {
    expectClose(values(metrics, metric), values(below.metrics, metric), 1e-6);
  }
  for (const metric of ['classification', 'accuracy']) {
    expectClose(values(metrics, metric), values(above.metrics, metric), 1e-5);
  }
  expect(values(statistics, 'classes/labels/known')).toEqual([1, 0, 1, 0]);
});

it('M1 learns what it learns without labels, and M2 everything else', () => {
  const names = model.parameters.map(({ name }) => name);
  const slopes = gradients(names, params, (p) => model.loss(p, batch, noise, context).loss);
  const own = m1.parameters.map(({ name }) => name);
  const alone = gradients(own, params, (p) => m1.loss(p, batch, noise, context).loss);
  for (const name of own) expectClose(slopes[name] ?? [], Array.from(alone[name] ?? []), 1e-6);
  const others = names.filter((name) => !own.includes(name));
  expect(others.every((name) => name.startsWith('classes/'))).toBe(true);
  for (const name of others) expect(slopes[name]?.some((v) => v !== 0)).toBe(true);
});

it('encode tells the class of the mean', () => {
  const encoded = model.functions.encode.apply(params, batch, {});
  const plain = m1.functions.encode.apply(params, batch, {});
  for (const name of ['mu', 'logVar']) {
    expectClose(values(encoded, name), values(plain, name), 1e-6);
  }
  const { probabilities } = m2.functions.encode.apply(
    upper.inner(params),
    { x: plain['mu'] as Tensor },
    {},
  );
  expectClose(values(encoded, 'probabilities'), Array.from(probabilities?.dataSync() ?? []), 1e-6);
});

it('sample decodes a draw of M2', () => {
  const { sample } = model.functions;
  const given = noiseOf(sample.noise, B);
  const { label = tensor([]), ...rest } = given;
  const z = m2.functions.draw.apply(upper.inner(params), {}, { ...upper.inner(rest), label });
  const x = m1.functions.decode.apply(params, { z: z['x'] as Tensor }, {});
  expect(Object.keys(sample.noise).sort()).toEqual(
    ['classes/likelihood/eps', 'classes/z', 'label'].sort(),
  );
  expectClose(values(sample.apply(params, {}, given), 'x'), values(x, 'x'), 1e-6);
});

it('the mean of the weights is p(x): quadrature over z1 and z2, sum over classes', () => {
  const flat = create(1, 1);
  const one = runOf(flat, 1);
  const inner = nested('classes/', classesOf(1, 1)).inner(one.params);
  const { decoder, likelihood } = networks(1);
  const x = Array.from((one.batch['x'] as Tensor).dataSync());
  const repeated = (count: number) =>
    tensor(
      Float32Array.from({ length: count * size }, (_, i) => x[i % size] ?? NaN),
      [count, size],
    );
  const normal = (v: number, mean: number, deviation: number) =>
    Math.exp(-0.5 * ((v - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
  const step = 0.08;
  const grid = Array.from({ length: 201 }, (_, i) => -8 + step * i);
  const points = tensor2d(grid, [grid.length, 1]);
  const cost = likelihood
    .negativeLogProb(repeated(grid.length), decoder.apply(one.params, points))
    .dataSync();
  const upperDecode = classesOf(1, 1).functions.decode;
  let p = 0;
  for (let y = 0; y < C; y++) {
    const label = tensor(new Float32Array(grid.length).fill(y));
    const means = values(upperDecode.apply(inner, { z: points, label }, {}), 'x');
    grid.forEach((z2, j) => {
      grid.forEach((z1, i) => {
        const prior = (normal(z2, 0, 1) * normal(z1, means[j] ?? NaN, sigma)) / C;
        p += step * step * prior * Math.exp(-(cost[i] ?? NaN));
      });
    });
  }
  const count = 4000;
  const weights = values(
    flat.functions.logWeight.apply(one.params, { x: repeated(count) }, noiseOf(flat.noise, count)),
    'logWeight',
  );
  const { mean, error } = meanAndError(weights.map((w) => Math.exp(w)));
  expect(Math.abs(mean - p)).toBeLessThan(4 * error);
  expect(error / p).toBeLessThan(0.05);
});

it('M2 of another latent is refused', () => {
  expect(() => stackedSemiSupervised({ ...networks(3), classes: classesOf(2, 2) })).toThrow(
    expect.objectContaining({ code: 'MODEL_OPTION' }) as Error,
  );
});
