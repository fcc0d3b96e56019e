/** `semi`: classes learned from few labels and many examples without, for examples of any shape. */
import { decoderShape } from '../likelihoods/likelihood.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import { flatten } from '../layers/reshape.ts';
import { sequential } from '../layers/sequential.ts';
import type { ExampleInfo, Model } from '../model.ts';
import { requireClasses } from '../models/knownLabels.ts';
import { latentClassifier } from '../models/latentClassifier.ts';
import { optionError } from '../models/options.ts';
import { semiSupervised } from '../models/semiSupervised.ts';
import { denseStack } from '../networks/denseStack.ts';
import { mlpDecoder, mlpEncoder } from '../networks/mlp.ts';
import { elementCount } from '../shape.ts';
import { conditionedShape } from '../vae/condition.ts';
import { definePreset } from './preset.ts';

const name = 'semi';
/** The paper's section 4: one hidden layer of 500 softplus units in each network. */
const hidden = [500];
const activation = 'softplus';

type SemiOptions = Readonly<{
  latentDim: number;
  method: string;
  alpha: number;
  likelihood: string;
}>;

function build(options: SemiOptions, example: ExampleInfo): Model {
  const { latentDim, method, alpha } = options;
  const { shape } = example;
  const classes = requireClasses('preset "semi"', example);
  const likelihood = findLikelihood(options.likelihood);
  const networks = { hidden, activation } as const;
  const outputShape = decoderShape(likelihood, shape);
  if (method === 'm2') {
    const units = [...hidden, classes];
    return semiSupervised({
      name,
      shape,
      classes,
      classifier: sequential(
        flatten(shape),
        denseStack('classifier', { inputs: elementCount(shape), units, activation }),
      ),
      encoder: mlpEncoder({
        inputShape: conditionedShape({ shape, classes }),
        latentDim,
        ...networks,
      }),
      decoder: mlpDecoder({ outputShape, latentDim: latentDim + classes, ...networks }),
      likelihood,
      alpha,
    });
  }
  if (method === 'latent') {
    return latentClassifier({
      name,
      encoder: mlpEncoder({ inputShape: shape, latentDim, ...networks }),
      decoder: mlpDecoder({ outputShape, latentDim, ...networks }),
      latentDim,
      likelihood,
      classifier: denseStack('classifier', { inputs: latentDim, units: [classes] }),
      alpha,
    });
  }
  throw optionError({
    code: 'MODEL_OPTION',
    where: 'preset "semi", method',
    expected: '"m2" (the class is a latent) or "latent" (a classifier on the latent)',
    value: method,
    fix: 'Choose one of the two.',
  });
}

export const semiPreset = definePreset({
  name,
  summary:
    'semi-supervised VAE (M2): a classifier from few labels, and samples by class; data of any shape',
  paper:
    'Kingma, Rezende, Mohamed, Welling: "Semi-Supervised Learning with Deep Generative Models" (2014), arXiv:1406.5298',
  options: {
    latentDim: 50,
    /** `m2`, or `latent`: a classifier on the latent of a plain VAE. */
    method: 'm2',
    /**
     * Weight of the classification, relative to the mean loss over all examples. 0.1 in the paper, which
     * trains for thousands of epochs; in a few, 1 learns classes better than 0.1 or 10.
     */
    alpha: 1,
    likelihood: 'bernoulli',
  },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 20 },
  expect: { data: 'mnist', flags: '--labels 1000 --epochs 2', testLoss: 122.4, within: 1.5 },
  build,
});
