/** `mlp`: the VAE of the paper's MNIST experiments in its usual form, for examples of any shape. */
import { bernoulliLogits } from '../likelihoods/bernoulliLogits.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { vae, type Vae } from '../vae.ts';
import type { ExampleInfo } from '../model.ts';
import type { Preset, PresetOptions } from './preset.ts';

const options = { latentDim: 20, klWeight: 1 };
const hidden = [400];

export const mlpPreset = {
  name: 'mlp',
  summary: 'VAE of dense layers, 784-400-20-400-784 on MNIST, ReLU, Bernoulli; data of any shape',
  paper: 'Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114',
  options,
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 10 },
  create:
    ({ latentDim = options.latentDim, klWeight = options.klWeight }: PresetOptions = {}) =>
    ({ shape }: ExampleInfo): Vae =>
      vae({
        name: 'mlp',
        encoder: mlpEncoder({ inputShape: shape, hidden, latentDim }),
        decoder: mlpDecoder({ outputShape: shape, hidden, latentDim }),
        latentDim,
        likelihood: bernoulliLogits(),
        klWeight,
      }),
} as const satisfies Preset;
