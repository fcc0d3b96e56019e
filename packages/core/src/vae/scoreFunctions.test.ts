import '../testing/cpuBackend.ts';
import { neg, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { evaluationContext } from '../evaluationContext.ts';
import { gaussian } from '../likelihoods/gaussian.ts';
import { parameterTensors } from '../namedTensors.ts';
import { weightedKl } from '../objectives/klTerm.ts';
import { elbo } from '../objectives/elbo.ts';
import { fullGaussian } from '../posteriors/fullGaussian.ts';
import { pointMass } from '../posteriors/pointMass.ts';
import { wae } from '../objectives/wae.ts';
import { batchValues, inputDim, latentDim, noiseOf, smallVae } from '../testing/smallVae.ts';
import { parameterValues } from '../testing/smallVae.ts';
import { expectClose, normalValues } from '../testing/values.ts';

const B = 4;
const values = (t: Tensor | undefined) => [...(t?.dataSync() ?? [])];

describe('negativeElbo', () => {
  it('is the loss of the plain ELBO, whatever the objective weighs', () => {
    const model = smallVae({ objective: elbo(weightedKl(5)) });
    const params = parameterTensors(model.parameters, parameterValues(model));
    const given = [
      params,
      { x: tensor(batchValues(B), [B, inputDim]) },
      noiseOf(model, B),
    ] as const;
    const scored = model.functions.negativeElbo?.apply(...given);
    const plain = smallVae().loss(...given, evaluationContext(model, B));
    expect(values(scored?.['loss'])).toEqual(values(plain.loss));
    expect(values(scored?.['kl'])).toEqual(values(plain.metrics['kl']));
    expect(values(scored?.['reconstruction'])).toEqual(values(plain.metrics['reconstruction']));
  });

  it('is the log weight of the draw where the KL has no closed form', () => {
    const model = smallVae({ posterior: fullGaussian(latentDim) });
    const params = parameterTensors(model.parameters, parameterValues(model));
    const given = [
      params,
      { x: tensor(batchValues(B), [B, inputDim]) },
      noiseOf(model, B),
    ] as const;
    const { negativeElbo, logWeight } = model.functions;
    const weights = logWeight?.apply(...given)['logWeight'] as Tensor;
    expectClose(values(negativeElbo?.apply(...given)['loss']), values(neg(weights)), 1e-5);
  });

  it('has the KL in closed form where the log weight has that of the draw, of the same z', () => {
    const model = smallVae();
    const params = parameterTensors(model.parameters, parameterValues(model));
    const x = tensor(batchValues(B), [B, inputDim]);
    const noise = noiseOf(model, B);
    const { negativeElbo, logWeight, encode } = model.functions;
    const weights = values(logWeight?.apply(params, { x }, noise)['logWeight']);
    const scored = negativeElbo?.apply(params, { x }, noise);
    const reconstruction = values(scored?.['reconstruction']);
    const encoding = encode.apply(params, { x }, {});
    const [mu, logVar, eps] = [encoding['mu'], encoding['logVar'], noise['eps']].map(values);
    const klOfDraw = weights.map((_, i) => {
      let sum = 0; // of log q(z | x) - log p(z), z = mu + exp(logVar / 2) eps
      for (let j = i * latentDim; j < (i + 1) * latentDim; j++) {
        const z = mu![j]! + Math.exp(logVar![j]! / 2) * eps![j]!;
        sum += (z * z - eps![j]! ** 2 - logVar![j]!) / 2;
      }
      return sum;
    });
    const expected = klOfDraw.map((kl, i) => reconstruction[i]! + kl);
    expectClose(
      weights.map((weight) => -weight),
      expected,
      1e-5,
    );
    const kl = values(scored?.['kl']);
    expect(klOfDraw.some((each, i) => Math.abs(each - kl[i]!) > 1e-3)).toBe(true);
  });

  it('is not there without a density', () => {
    const model = smallVae({ posterior: pointMass(), objective: wae({ lambda: 1 }) });
    expect(model.functions.negativeElbo).toBeUndefined();
    expect(model.functions.logWeight).toBeUndefined();
  });
});

describe('draw', () => {
  it('adds what p(x | z) leaves open to the sample of the same z', () => {
    const sigma = 0.7;
    const model = smallVae({ likelihood: gaussian({ sigma }) });
    const params = parameterTensors(model.parameters, parameterValues(model));
    const { draw, sample } = model.functions;
    const z = tensor(normalValues([B, latentDim]), [B, latentDim]);
    const eps = normalValues([B, inputDim], 9);
    const noise = { z, 'likelihood/eps': tensor(eps, [B, inputDim]) };
    expect(Object.keys(draw.noise)).toEqual(Object.keys(noise));
    const means = values(sample.apply(params, {}, { z })['x']);
    const drawn = values(draw.apply(params, {}, noise)['x']);
    expectClose(
      drawn,
      means.map((mean, i) => mean + sigma * (eps[i] ?? NaN)),
      1e-6,
    );
  });
});
