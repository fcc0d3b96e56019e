/** `text`: lines or windows of text, characters or byte pairs. */
import { embedding } from '../layers/embedding.ts';
import type { ExampleInfo } from '../model.ts';
import { textVae, type TextVae } from '../models/textVae.ts';
import { causalConvTokens } from '../networks/causalConvTokens.ts';
import { foldedDecoder, foldedEncoder } from '../networks/foldedSequence.ts';
import { definePreset } from './preset.ts';
import { elboOf } from './vaeOptions.ts';

type TextOptions = Readonly<{
  latentDim: number;
  klWeight: number;
  klSchedule: string;
  filters: number;
  blocks: number;
  wordDropout: number;
}>;

const kernelSize = 3;
const levels = 3;

function build(options: TextOptions, { shape, tokens }: ExampleInfo): TextVae {
  const [steps] = shape;
  if (tokens === undefined || steps === undefined) throw new Error('the kind was checked');
  const { latentDim, filters, blocks, wordDropout } = options;
  const kernelInit = () => ({ kind: 'normal', mean: 0, stddev: 0.5 }) as const;
  return textVae({
    name: 'text',
    encoder: foldedEncoder({
      input: embedding('encoder/embedding', {
        steps,
        tokens,
        units: Math.ceil(filters / 2),
        kernelInit,
      }),
      filters,
      levels,
      latentDim,
    }),
    decoder: foldedDecoder({ steps, filters, levels, latentDim }),
    network: causalConvTokens('decoder/tokens', { steps, tokens, filters, blocks, kernelSize }),
    latentDim,
    wordDropout,
    objective: elboOf(options),
  });
}

export const textPreset = definePreset({
  name: 'text',
  summary: 'VAE of lines of text: causal convolutions say each token from those before and z',
  paper:
    'Yang, Hu, Salakhutdinov, Berg-Kirkpatrick: "Improved Variational Autoencoders for Text Modeling using Dilated Convolutions" (2017), arXiv:1702.08139',
  options: {
    latentDim: 32,
    klWeight: 1,
    /** With weight 1 from the beginning the KL falls to nothing: see docs/data.md. */
    klSchedule: 'free-bits:minimum=0.25',
    /** Channels of the convolutions. */
    filters: 64,
    /** Convolutions of the decoder; together they see 2 (2^blocks - 1) tokens before the last one. */
    blocks: 4,
    /** Share of the tokens before that the decoder does not see in training. */
    wordDropout: 0,
  },
  defaults: { batchSize: 64, learningRate: 2e-3, optimizer: 'adam', epochs: 20 },
  expect: { data: 'tinyshakespeare', flags: '--epochs 3', testLoss: 61.4, within: 1.5 },
  takes: ['text'],
  build,
});
