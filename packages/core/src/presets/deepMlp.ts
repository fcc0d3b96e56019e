/** `deep-mlp`: narrowing layers down to a latent plane, for examples of any shape. */
import { mlpVae } from './mlpVae.ts';
import { definePreset } from './preset.ts';
import { elboOf, elboOptions } from './vaeOptions.ts';

export const deepMlpPreset = definePreset({
  name: 'deep-mlp',
  summary:
    'narrowing layers to a latent plane, 784-128-64-32-2 and mirrored on MNIST; data of any shape',
  paper: 'Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114',
  options: { latentDim: 2, ...elboOptions, likelihood: 'bernoulli' },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 20 },
  expect: { data: 'mnist', flags: '--epochs 3 --micro-batch 128', testLoss: 163.1, within: 2.5 },
  build: (options, { shape }) =>
    mlpVae({
      name: 'deep-mlp',
      shape,
      hidden: [128, 64, 32],
      ...options,
      objective: elboOf(options),
    }),
});
