/** `conv`: strided convolutions and their mirror image, with a latent plane to look at. */
import { convVae } from './convVae.ts';
import { definePreset } from './preset.ts';
import { elboOf, elboOptions } from './vaeOptions.ts';

export const convPreset = definePreset({
  name: 'conv',
  summary:
    'VAE of 3x3 stride-2 convolutions, 32 and 64 filters, latent 2; images, sides divisible by 4',
  paper: 'Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114',
  options: { latentDim: 2, ...elboOptions, likelihood: 'bernoulli' },
  defaults: { batchSize: 32, learningRate: 1e-4, optimizer: 'adam', epochs: 10 },
  expect: {
    data: 'mnist',
    flags: '--latent-dim 16 --learning-rate 1e-3 --epochs 2',
    testLoss: 107.7,
    within: 1,
  },
  build: (options, { shape }) =>
    convVae({ name: 'conv', shape, filters: [32, 64], ...options, objective: elboOf(options) }),
});
