/** `semi-stacked`: classes learned from few labels on the latent of a VAE, for examples of any shape. */
import { decoderShape } from '../likelihoods/likelihood.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import type { ExampleInfo, Model } from '../model.ts';
import { requireClasses } from '../models/knownLabels.ts';
import { semiSupervised } from '../models/semiSupervised.ts';
import { stackedSemiSupervised } from '../models/stackedSemiSupervised.ts';
import { denseStack } from '../networks/denseStack.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { definePreset } from './preset.ts';

const name = 'semi-stacked';
/** Of M1, which is preset `mlp`. */
const hidden = [400];
/** Of M2's networks: the paper's section 4. */
const above = { hidden: [500], activation: 'softplus' } as const;

type StackedOptions = Readonly<{
  latentDim: number;
  styleDim: number;
  alpha: number;
  likelihood: string;
}>;

function build(options: StackedOptions, example: ExampleInfo): Model {
  const { latentDim, styleDim, alpha } = options;
  const { shape } = example;
  const classes = requireClasses(`preset "${name}"`, example);
  const likelihood = findLikelihood(options.likelihood);
  const ofLatent = findLikelihood('gaussian-per-output');
  const units = [...above.hidden, classes];
  return stackedSemiSupervised({
    name,
    encoder: mlpEncoder({ inputShape: shape, latentDim, hidden }),
    decoder: mlpDecoder({ outputShape: decoderShape(likelihood, shape), latentDim, hidden }),
    latentDim,
    likelihood,
    classes: semiSupervised({
      name,
      shape: [latentDim],
      classes,
      classifier: denseStack('classifier', { ...above, inputs: latentDim, units }),
      encoder: mlpEncoder({ ...above, inputShape: [latentDim + classes], latentDim: styleDim }),
      decoder: mlpDecoder({
        ...above,
        outputShape: decoderShape(ofLatent, [latentDim]),
        latentDim: styleDim + classes,
      }),
      likelihood: ofLatent,
      alpha,
    }),
  });
}

export const semiStackedPreset = definePreset({
  name,
  summary:
    'semi-supervised VAE (M1 + M2): classes from few labels on the latent of an MLP VAE; data of any shape',
  paper:
    'Kingma, Rezende, Mohamed, Welling: "Semi-Supervised Learning with Deep Generative Models" (2014), arXiv:1406.5298',
  options: {
    /** Of M1. */
    latentDim: 20,
    /** Of M2: what is left to say of the latent once the class is known. */
    styleDim: 10,
    /** Weight of the classification, relative to the mean loss over all examples. */
    alpha: 1,
    likelihood: 'bernoulli',
  },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 30 },
  expect: {
    data: 'mnist',
    flags: '--labels 100 --labelled-share 0.1 --epochs 3',
    testLoss: 142.1,
    within: 1.5,
  },
  build,
});
