/**
 * `audio`: log-mel spectrograms, [frames, mels, 1], by strided convolutions over time and pitch. One scale
 * is learned for all values, so that the likelihood finds out by itself how exactly spectrograms can be
 * said (Rybkin, Daniilidis, Levine: "Simple and Effective VAE Training with Calibrated Decoders" (2021)).
 */
import { convVae } from './convVae.ts';
import { definePreset } from './preset.ts';
import { elboOf, elboOptions } from './vaeOptions.ts';

export const audioPreset = definePreset({
  name: 'audio',
  summary:
    'sound as log-mel spectrograms: stride-2 convolutions of 32, 64 and 128 filters, latent 32, a learned scale; sides divisible by 8',
  paper:
    'Rybkin, Daniilidis, Levine: "Simple and Effective VAE Training with Calibrated Decoders" (2021), arXiv:2006.13202',
  options: { latentDim: 32, ...elboOptions, likelihood: 'gaussian-learned:0.05' },
  defaults: { batchSize: 32, learningRate: 2e-3, optimizer: 'adam', epochs: 15 },
  expect: {
    data: 'audio:fsdd/recordings',
    flags: String.raw`--read 'testPattern=_[0-4]\.wav$'`,
    testLoss: -4550,
    within: 250,
  },
  build: (options, { shape }) =>
    convVae({
      name: 'audio',
      shape,
      filters: [32, 64, 128],
      ...options,
      objective: elboOf(options),
    }),
});
