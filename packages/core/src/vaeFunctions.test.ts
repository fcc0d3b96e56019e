import './testing/cpuBackend.ts';
import { memory, sum, tensor, valueAndGrads, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { ModelError } from './errors.ts';
import { initializeParameters } from './initialize.ts';
import { bernoulliLogits } from './likelihoods/bernoulliLogits.ts';
import { parameterTensors } from './namedTensors.ts';
import { mlpDecoder } from './networks/mlp.ts';
import {
  batchSize as B,
  cases,
  latentDim,
  likelihoods,
  networks,
  shape,
} from './testing/referenceNetworks.ts';
import { noiseOf } from './testing/modelContract.ts';
import { normalValues, uniformValues } from './testing/values.ts';
import { evaluationContext } from './evaluationContext.ts';
import { vae } from './vae.ts';

describe.each(cases)('vae, $network, $likelihood', ({ network, likelihood }) => {
  const { encoder, decoder } = networks[network];
  const model = vae({ encoder, decoder, latentDim, ...likelihoods[likelihood] });
  const values = initializeParameters(model.parameters, 4);
  const params = () => parameterTensors(model.parameters, values);
  const batch = () => ({ x: tensor(uniformValues([B, ...shape]), [B, ...shape]) });
  const noise = () => ({ eps: tensor(normalValues([B, latentDim]), [B, latentDim]) });

  it('borrows what it is given and leaves only its results', () => {
    const given = { params: params(), batch: batch(), noise: noise() };
    const context = evaluationContext(model, B);
    const functions = Object.values(model.functions).map(
      (fn) => [fn, noiseOf(fn.noise, B)] as const,
    );
    const before = memory().numTensors;
    const added = (count: number, results: () => Readonly<Record<string, Tensor>>) => {
      const made = Object.values(results());
      expect(memory().numTensors).toBe(before + count);
      for (const t of made) t.dispose();
      expect(memory().numTensors).toBe(before);
    };
    added(3, () => {
      const { loss, metrics } = model.loss(given.params, given.batch, given.noise, context);
      return { loss, ...metrics };
    });
    added(2, () => ({ ...model.encode(given.params, given.batch.x) }));
    added(1, () => ({ x: model.decode(given.params, given.noise.eps) }));
    added(1, () => ({ x: model.reconstruct(given.params, given.batch.x) }));
    added(1, () => ({ x: model.sample(given.params, { count: 2, seed: 1 }) }));
    for (const [fn, drawn] of functions) {
      const inputs = { x: given.batch.x, known: given.batch.x, z: given.noise.eps };
      added(Object.keys(fn.outputs).length, () => ({
        ...fn.apply(given.params, inputs, drawn),
      }));
    }
    added(1 + model.parameters.length, () => {
      const names = Object.keys(given.params);
      const { value, grads } = valueAndGrads((...tensors: Tensor[]) => {
        const params = Object.fromEntries(tensors.map((t, i) => [names[i] ?? '', t]));
        return sum(model.loss(params, given.batch, given.noise, context).loss);
      })(Object.values(given.params));
      return Object.fromEntries([value, ...grads].entries());
    });
  });

  it('encodes, decodes, samples and reconstructs consistently, with the shapes it declares', () => {
    const p = params();
    const { encode, decode, sample, reconstruct } = model.functions;
    const encoded = encode.apply(p, batch(), {});
    const mu = encoded['mu'] as Tensor;
    expect(mu.shape).toEqual([B, ...(encode.outputs['mu'] ?? [])]);
    expect(encoded['logVar']?.shape).toEqual([B, ...(encode.outputs['logVar'] ?? [])]);
    const decoded = decode.apply(p, { z: mu }, {})['x'] as Tensor;
    expect(decoded.shape).toEqual([B, ...(decode.outputs['x'] ?? [])]);
    const pixels = decoded.dataSync();
    expect(reconstruct.apply(p, batch(), {})['x']?.dataSync()).toEqual(pixels);
    expect(sample.apply(p, {}, { z: mu })['x']?.dataSync()).toEqual(pixels);
    if (likelihood === 'bernoulliLogits') {
      expect(Math.min(...pixels)).toBeGreaterThan(0);
      expect(Math.max(...pixels)).toBeLessThan(1);
    }
  });

  it('samples the same for the same seed, and differently for another', () => {
    const p = params();
    const draw = (count: number, seed: number) => model.sample(p, { count, seed });
    expect(draw(4, 1).shape).toEqual([4, ...shape]);
    expect(draw(4, 1).dataSync().slice(0, 32)).toEqual(draw(2, 1).dataSync());
    expect(draw(2, 2).dataSync()).not.toEqual(draw(2, 1).dataSync());
  });
});

describe('bad options', () => {
  const options = {
    encoder: networks.mlp.encoder,
    decoder: networks.mlp.decoder,
    latentDim,
    likelihood: bernoulliLogits(),
  };

  it.each([
    ['latentDim 0', { latentDim: 0 }],
    ['a latentDim that the networks do not have', { latentDim: 3 }],
    ['a negative klWeight', { klWeight: -1 }],
    ['klWeight NaN', { klWeight: NaN }],
    [
      'a decoder of another latent',
      { decoder: mlpDecoder({ outputShape: shape, hidden: [], latentDim: 3 }) },
    ],
    [
      'a decoder of another image',
      { decoder: mlpDecoder({ outputShape: [5], hidden: [], latentDim }) },
    ],
  ])('%s is refused', (_, wrong) => {
    expect(() => vae({ ...options, ...wrong })).toThrow(ModelError);
  });

  it('names the tensor that is missing', () => {
    const model = vae(options);
    const params = parameterTensors(model.parameters, initializeParameters(model.parameters, 0));
    expect(() =>
      model.loss(
        params,
        { x: tensor(uniformValues([1, 16]), [1, ...shape]) },
        {},
        evaluationContext(model, 1),
      ),
    ).toThrow('noise "eps"');
  });

  it('names the parameter whose values do not fit', () => {
    const { parameters } = vae(options);
    const values = initializeParameters(parameters, 0);
    expect(() => parameterTensors(parameters, {})).toThrow('"encoder/dense1/kernel"');
    const wrong = { ...values, 'encoder/mu/bias': new Float32Array(3) };
    expect(() => parameterTensors(parameters, wrong)).toThrow('"encoder/mu/bias"');
  });
});
