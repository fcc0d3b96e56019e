/** `wae`: an autoencoder without noise whose codes together match the prior; examples of any shape. */
import { wae } from '../objectives/wae.ts';
import { diagonalGaussian } from '../posteriors/diagonalGaussianPosterior.ts';
import { pointMass } from '../posteriors/pointMass.ts';
import { mlpVae } from './mlpVae.ts';
import { definePreset } from './preset.ts';

export const waePreset = definePreset({
  name: 'wae',
  summary: 'WAE-MMD: sharper than a VAE, with samples, and no bound; data of any shape',
  paper:
    'Tolstikhin, Bousquet, Gelly, Schoelkopf: "Wasserstein Auto-Encoders" (2018), arXiv:1711.01558',
  options: {
    latentDim: 8,
    /** lambda: weight of the MMD. */
    mmdWeight: 10,
    /** Codes without noise; otherwise Gaussian. */
    deterministic: true,
    /** Of deviation 1: the cost is half the squared error, but for a constant. */
    likelihood: 'gaussian:1',
  },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 10 },
  expect: { data: 'mnist', flags: '--epochs 3 --micro-batch 128', testLoss: 730.7, within: 0.3 },
  build: ({ mmdWeight, deterministic, ...options }, { shape }) =>
    mlpVae({
      name: 'wae',
      shape,
      hidden: [400],
      ...options,
      posterior: deterministic ? pointMass() : diagonalGaussian(),
      objective: wae({ lambda: mmdWeight }),
    }),
});
