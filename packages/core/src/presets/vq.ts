/**
 * `vq`: the VQ-VAE of Keras's example (keras.io/examples/generative/vq_vae): codes of 16 values on a
 * quarter of the image's height and width, the codebook learned by gradient, the squared error over the
 * data's variance. With the defaults on MNIST it is that example: there, after 30 epochs, reconstruction
 * 0.044 and vq 0.168 in training.
 */
import { sub, tidy } from '@tensorflow/tfjs-core';
import { glorotUniform, zeros } from '../initializers.ts';
import { conv2d } from '../layers/conv2d.ts';
import { conv2dTranspose } from '../layers/conv2dTranspose.ts';
import type { Layer } from '../layers/layer.ts';
import { sequential } from '../layers/sequential.ts';
import type { ExampleInfo, ExampleShape } from '../model.ts';
import { optionError } from '../models/options.ts';
import { vqVae, type VqVae } from '../models/vqVae.ts';
import { halvings } from '../networks/imageSizes.ts';
import { definePreset } from './preset.ts';

const filters = [32, 64];
const init = { kernelInit: glorotUniform, biasInit: zeros };
const relu = { activation: 'relu' } as const;
/** Keras's RandomUniform, in which the codebook starts. */
const initialRange = 0.05;

/** Values from [0, 1] to [-1/2, 1/2]. */
const centre = (shape: ExampleShape): Layer => ({
  inputShape: shape,
  outputShape: shape,
  parameters: [],
  apply: (_params, x) => tidy(() => sub(x, 0.5)),
});

type VqOptions = Readonly<{
  latentDim: number;
  codes: number;
  codebook: string;
  commitment: number;
  decay: number;
  variance: number;
}>;

function build(options: VqOptions, { shape }: ExampleInfo): VqVae {
  const { latentDim, codebook, ...rest } = options;
  if (codebook !== 'gradient' && codebook !== 'average') {
    throw optionError({
      code: 'MODEL_OPTION',
      where: 'preset "vq", codebook',
      expected: '"gradient" or "average"',
      value: codebook,
      fix: 'Choose how the codebook learns.',
    });
  }
  const [whole = [], half = [], quarter = []] = halvings(shape, filters);
  const [small, large] = filters as [number, number];
  const code = [...quarter.slice(0, 2), latentDim];
  const conv = { kernelSize: 3, stride: 2, ...relu, ...init };
  const encoder = sequential(
    centre(whole),
    conv2d('encoder/conv1', { inputShape: whole, filters: small, ...conv }),
    conv2d('encoder/conv2', { inputShape: half, filters: large, ...conv }),
    conv2d('encoder/code', { inputShape: quarter, filters: latentDim, kernelSize: 1, ...init }),
  );
  const up = [...half.slice(0, 2), large];
  const image = [...whole.slice(0, 2), small];
  const decoder = sequential(
    conv2dTranspose('decoder/convTranspose1', { inputShape: code, filters: large, ...conv }),
    conv2dTranspose('decoder/convTranspose2', { inputShape: up, filters: small, ...conv }),
    conv2dTranspose('decoder/output', {
      inputShape: image,
      filters: shape[2] ?? 1,
      kernelSize: 3,
      ...init,
    }),
  );
  return vqVae({ name: 'vq', encoder, decoder, codebook, initialRange, ...rest });
}

export const vqPreset = definePreset({
  name: 'vq',
  summary:
    'VQ-VAE: sharp reconstructions from a small grid of discrete codes; images, sides divisible by 4',
  paper:
    'van den Oord, Vinyals, Kavukcuoglu: "Neural Discrete Representation Learning" (2017), arXiv:1711.00937',
  options: {
    /** Values of a code. */
    latentDim: 16,
    codes: 128,
    /** `gradient`, or `average`: by moving average, with dead codes revived. */
    codebook: 'gradient',
    commitment: 0.25,
    /** Of the running averages. */
    decay: 0.99,
    /** Of the data's values: MNIST's. */
    variance: 0.0949,
  },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 30 },
  expect: { data: 'mnist', flags: '--epochs 1 --micro-batch 128', testLoss: 4.2, within: 1.5 },
  build,
});
