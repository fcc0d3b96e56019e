/** `conv`: strided convolutions and their mirror image, with a latent plane to look at. */
import { bernoulliLogits } from '../likelihoods/bernoulliLogits.ts';
import { convDecoder, convEncoder } from '../networks/conv.ts';
import { vae, type Vae } from '../vae.ts';
import type { ExampleInfo } from '../model.ts';
import type { Preset, PresetOptions } from './preset.ts';

const options = { latentDim: 2, klWeight: 1 };
const filters = [32, 64];

export const convPreset = {
  name: 'conv',
  summary:
    'VAE of 3x3 stride-2 convolutions, 32 and 64 filters, latent 2; images, sides divisible by 4',
  paper: 'Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), arXiv:1312.6114',
  options,
  defaults: { batchSize: 32, learningRate: 1e-4, optimizer: 'adam', epochs: 10 },
  create:
    ({ latentDim = options.latentDim, klWeight = options.klWeight }: PresetOptions = {}) =>
    ({ shape }: ExampleInfo): Vae =>
      vae({
        name: 'conv',
        encoder: convEncoder({ inputShape: shape, filters, latentDim }),
        decoder: convDecoder({ outputShape: shape, filters, latentDim }),
        latentDim,
        likelihood: bernoulliLogits(),
        klWeight,
      }),
} as const satisfies Preset;
