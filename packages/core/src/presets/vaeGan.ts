/** `vae-gan`: a decoder that is judged by a discriminator, for sharper pictures. */
import { decoderShape } from '../likelihoods/likelihood.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import { conv2d } from '../layers/conv2d.ts';
import { flatten } from '../layers/reshape.ts';
import { sequential } from '../layers/sequential.ts';
import { vaeGan } from '../models/vaeGan.ts';
import { convDecoder, convEncoder } from '../networks/conv.ts';
import { denseStack } from '../networks/denseStack.ts';
import { halvings } from '../networks/imageSizes.ts';
import { normalized } from '../networks/normalization.ts';
import { elementCount } from '../shape.ts';
import { definePreset } from './preset.ts';

const filters = [32, 64];
const leaky = { activation: 'leakyRelu' } as const;

export const vaeGanPreset = definePreset({
  name: 'vae-gan',
  summary:
    'VAE/GAN: sharper samples, reconstructions judged by learned features; images, sides divisible by 4',
  paper:
    'Larsen, Sonderby, Larochelle, Winther: "Autoencoding beyond pixels using a learned similarity metric" (2016), arXiv:1512.09300',
  options: {
    latentDim: 32,
    /** gamma: how much the decoder heeds the reconstruction beside the discriminator. */
    featureWeight: 0.1,
    klWeight: 1,
    /** Of the discriminator; the run's learning rate is that of encoder and decoder. */
    discriminatorRate: 1e-4,
    likelihood: 'bernoulli',
  },
  defaults: { batchSize: 64, learningRate: 3e-4, optimizer: 'rmsprop', epochs: 20 },
  expect: { data: 'mnist', flags: '--epochs 1 --micro-batch 64', testLoss: 189.3, within: 16 },
  build: ({ likelihood: name, ...options }, { shape }) => {
    const likelihood = findLikelihood(name);
    const { latentDim } = options;
    const networks = { filters, latentDim };
    const shapes = halvings(shape, filters);
    const last = shapes.at(-1) ?? [];
    // Each convolution but the first is normalised, so that features have a scale to compare by: the
    // paper by batches, here by groups of channels, since no example should depend on another.
    const features = sequential(
      ...filters.map((channels, i) => {
        const convolution = `discriminator/conv${String(i + 1)}`;
        const inputShape = shapes[i] ?? [];
        return normalized(
          convolution,
          conv2d(convolution, { inputShape, filters: channels, kernelSize: 3, stride: 2 }),
          { normalization: i === 0 ? 'none' : 'group', ...leaky },
        );
      }),
      flatten(last),
    );
    return vaeGan({
      encoder: convEncoder({ inputShape: shape, ...networks }),
      decoder: convDecoder({ outputShape: decoderShape(likelihood, shape), ...networks }),
      likelihood,
      features,
      verdict: denseStack('discriminator', {
        inputs: elementCount(last),
        units: [256, 1],
        ...leaky,
      }),
      discriminatorOptimizer: { name: 'adam', beta1: 0.5 },
      ...options,
    });
  },
});
