/**
 * What core's models are made of, on engines that compile: each likelihood and each network gives the
 * loss, gradients and statistics that tfjs gives. Neither package may import the other, so it is
 * compared here.
 */
import {
  causalConvDecoder,
  causalConvEncoder,
  conv2d,
  decoderShape,
  dropout,
  embedding,
  fillNoise,
  findLikelihood,
  gaussianEncoder,
  gruDecoder,
  gruEncoder,
  initializeParameters,
  layerNorm,
  likelihoods,
  mlpDecoder,
  mlpEncoder,
  modelTensors,
  penalize,
  pooledConvDecoder,
  pooledConvEncoder,
  residualConvDecoder,
  residualConvEncoder,
  sequential,
  vae,
  type Encoder,
  type Layer,
  type Model,
} from '@lockstep/core';
import {
  gradientFunction,
  lossFunction,
  modelFunction,
  type TensorFunction,
} from '@lockstep/engine';
import { describe, it } from 'vitest';
import { engineOrSkip, expectAsTfjs } from './testing/engines.ts';

const microBatch = 3;
const latentDim = 2;

const image = [8, 4, 1];
const sequence = [6, 2];

function model(
  shape: readonly number[],
  encoder: Encoder,
  decoderOf: (outputShape: readonly number[]) => Layer,
  name = 'bernoulli',
): Model {
  const likelihood = findLikelihood(name);
  const decoder = decoderOf(decoderShape(likelihood, shape));
  const composed = vae({ name, encoder, decoder, latentDim, likelihood });
  // Drawing from the likelihood, as a function of its own.
  const noise = likelihood.sampleNoise(shape);
  const draw = {
    inputs: { output: decoder.outputShape },
    noise,
    outputs: { x: shape },
    apply: (
      params: Parameters<Model['loss']>[0],
      inputs: Parameters<Model['loss']>[1],
      drawn: Parameters<Model['loss']>[2],
    ) => {
      const { output } = inputs;
      if (!output) throw new Error('no output');
      return { x: likelihood.sample(output, drawn, params) };
    },
  };
  return { ...composed, functions: { ...composed.functions, draw } };
}

const dense = (name: string): Model =>
  model(
    image,
    mlpEncoder({ inputShape: image, hidden: [5], latentDim }),
    (outputShape) => mlpDecoder({ outputShape, hidden: [5], latentDim }),
    name,
  );

const pooled = { filters: [3, 4], latentDim } as const;
const causal = { filters: 5, blocks: 2, latentDim } as const;
// Two channels in each group of eight.
const blocks = { filters: [16], blocks: 1, latentDim } as const;

const networks: Record<string, Model> = {
  'max pooling, layer normalisation, elu': model(
    image,
    pooledConvEncoder({ inputShape: image, ...pooled, normalization: 'layer', activation: 'elu' }),
    (outputShape) => pooledConvDecoder({ outputShape, ...pooled, activation: 'leakyRelu' }),
  ),
  'average pooling, batch normalisation, swish': model(
    image,
    pooledConvEncoder({
      inputShape: image,
      ...pooled,
      pool: 'average',
      normalization: 'batch',
      activation: 'swish',
    }),
    (outputShape) => pooledConvDecoder({ outputShape, ...pooled, normalization: 'batch' }),
  ),
  'residual blocks, group normalisation, gelu': model(
    image,
    residualConvEncoder({ inputShape: image, ...blocks, activation: 'gelu' }),
    (outputShape) => residualConvDecoder({ outputShape, ...blocks, normalization: 'group' }),
  ),
  'dilation, dropout': model(
    image,
    gaussianEncoder(
      'encoder',
      sequential(
        conv2d('encoder/conv', { inputShape: image, filters: 3, kernelSize: 3, dilation: 2 }),
        dropout('encoder/dropout', { inputShape: [8, 4, 3], rate: 0.4 }),
      ),
      latentDim,
    ),
    (outputShape) => mlpDecoder({ outputShape, hidden: [4], latentDim, activation: 'softplus' }),
  ),
  GRU: model(
    sequence,
    gruEncoder({ inputShape: sequence, units: 5, latentDim }),
    (outputShape) => gruDecoder({ outputShape, units: 4, latentDim }),
    'gaussian',
  ),
  'causal convolutions': model(
    sequence,
    causalConvEncoder({ inputShape: sequence, ...causal }),
    (outputShape) => causalConvDecoder({ outputShape, ...causal }),
    'gaussian',
  ),
  'embedding, penalty': penalize(
    model(
      [6],
      gaussianEncoder(
        'encoder',
        sequential(
          embedding('encoder/tokens', { steps: 6, tokens: 4, units: 3, inputScale: 3 }),
          layerNorm('encoder/norm', { inputShape: [6, 3] }),
        ),
        latentDim,
      ),
      (outputShape) => mlpDecoder({ outputShape, hidden: [4], latentDim }),
      'categorical:4',
    ),
    { l1: 0.1, l2: 0.2 },
  ),
};

/** Initial values, data and noise of a function's inputs; the last example is padding. */
function inputsOf(of: Model, fn: TensorFunction): Record<string, Float32Array> {
  const values = initializeParameters(modelTensors(of), 1);
  const noise = { ...of.noise, ...of.functions?.['draw']?.noise };
  return Object.fromEntries(
    Object.entries(fn.inputs).map(([name, { shape }], stream) => {
      const [kind = '', ...rest] = name.split('/');
      const given = values[rest.join('/')];
      if (kind === 'param' && given) return [name, given];
      const out = new Float32Array(shape.reduce((product, n) => product * n, 1));
      const normal =
        kind === 'input' || noise[rest.join('/')]?.distribution === 'normal' || kind === 'param';
      const position = { seed: 5, kind: 'sampling', stream, epoch: 0, example: 0 } as const;
      fillNoise(out, normal ? 'normal' : 'uniform', position);
      // Bytes of four levels.
      if (kind === 'batch') out.forEach((value, i) => (out[i] = Math.floor(value * 4) / 3));
      if (name === 'weight') out.forEach((_, i) => (out[i] = i < microBatch - 1 ? 1 : 0));
      return [name, out];
    }),
  );
}

const all = {
  ...Object.fromEntries(Object.keys(likelihoods).map((n) => [n, dense(n)])),
  ...networks,
};

describe.each(['onnx', 'tensorflow'])('%s', (name) => {
  it.for(Object.entries(all))('%s', async ([what, of], context) => {
    const engine = await engineOrSkip(name, context);
    const functions = [gradientFunction(of, microBatch), lossFunction(of, microBatch)];
    if (of.functions?.['draw']) functions.push(modelFunction(of, 'draw', microBatch));
    for (const fn of functions) await expectAsTfjs(engine, fn, inputsOf(of, fn), { what });
  });
});
