import { memory, sub, tensor, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { evaluationContext } from '../evaluationContext.ts';
import { initializeParameters } from '../initialize.ts';
import { parameterTensors } from '../namedTensors.ts';
import { bernoulliLogits } from '../likelihoods/bernoulliLogits.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { diagonalGaussian } from '../posteriors/diagonalGaussianPosterior.ts';
import { standardNormal } from '../priors/standardNormal.ts';
import { expectClose, normalValues, uniformValues } from '../testing/values.ts';
import '../testing/cpuBackend.ts';
import { vae } from '../vae.ts';

it('log p(z) - log q(z | x) is that of the two densities', () => {
  const [mu, logVar, eps] = [1, 2, 3].map((i) => tensor(normalValues([2, 3], i), [2, 3]));
  const values = [mu, logVar, eps].map((t) => (t as Tensor).dataSync());
  const z = values[0]!.map((m, i) => m + Math.exp(values[1]![i]! / 2) * values[2]![i]!);
  const expected = [0, 1].map((row) => {
    let sum = 0;
    for (let i = row * 3; i < row * 3 + 3; i++) {
      const variance = Math.exp(values[1]![i]!);
      sum += -0.5 * (Math.log(2 * Math.PI) + z[i]! ** 2);
      sum += 0.5 * (Math.log(2 * Math.PI * variance) + (z[i]! - values[0]![i]!) ** 2 / variance);
    }
    return sum;
  });
  const posterior = { mu: mu as Tensor2D, logVar: logVar as Tensor2D };
  const draw = diagonalGaussian().draw({}, posterior, eps as Tensor2D);
  expectClose(draw.z.dataSync(), z, 1e-6);
  const found = sub(standardNormal(3).logProb({}, draw.z), draw.logProb());
  expectClose(found.dataSync(), expected, 1e-5);
});

it("a VAE's weights are its reconstruction and the two densities; their mean is minus its loss", () => {
  const options = { hidden: [5], latentDim: 2 };
  const model = vae({
    encoder: mlpEncoder({ ...options, inputShape: [6] }),
    decoder: mlpDecoder({ ...options, outputShape: [6] }),
    latentDim: 2,
    likelihood: bernoulliLogits(),
  });
  const params = parameterTensors(model.parameters, initializeParameters(model.parameters, 3));
  // Many draws of the noise for one x: the mean of log w is the ELBO.
  const count = 4000;
  const one = uniformValues([6]);
  const x = tensor(
    Float32Array.from({ length: count * 6 }, (_, i) => one[i % 6]!),
    [count, 6],
  );
  const noise = { eps: tensor(normalValues([count, 2]), [count, 2]) };
  const before = memory().numTensors;
  const { logWeight } = model.functions.logWeight!.apply(params, { x }, noise);
  expect(memory().numTensors).toBe(before + 1);
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const { loss } = model.loss(params, { x }, noise, evaluationContext(model, count));
  // Equal but for the KL term, which the loss has in closed form.
  expect(mean(logWeight!.dataSync())).toBeCloseTo(-mean(loss.dataSync()), 1);
});
