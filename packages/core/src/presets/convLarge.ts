/** `conv-large`: convolutions that keep the size, and a wide latent, for pictures with detail. */
import { decoderShape } from '../likelihoods/likelihood.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import { pooledConvDecoder, pooledConvEncoder } from '../networks/pooledConv.ts';
import { vae } from '../vae.ts';
import { definePreset } from './preset.ts';
import { elboOf, elboOptions } from './vaeOptions.ts';

const filters = [64, 128];

export const convLargePreset = definePreset({
  name: 'conv-large',
  summary:
    'pictures with detail: stride-1 convolutions of 64 and 128 filters, pooling, latent 256; sides divisible by 4',
  paper: 'Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114',
  options: { latentDim: 256, ...elboOptions, likelihood: 'bernoulli' },
  defaults: { batchSize: 128, learningRate: 3e-4, optimizer: 'rmsprop', epochs: 10 },
  expect: { data: 'mnist', flags: '--epochs 1 --micro-batch 128', testLoss: 151.6, within: 3.5 },
  build: (options, { shape }) => {
    const { latentDim } = options;
    const likelihood = findLikelihood(options.likelihood);
    const outputShape = decoderShape(likelihood, shape);
    return vae({
      name: 'conv-large',
      encoder: pooledConvEncoder({ inputShape: shape, filters, latentDim }),
      decoder: pooledConvDecoder({ outputShape, filters, latentDim }),
      latentDim,
      likelihood,
      objective: elboOf(options),
    });
  },
});
