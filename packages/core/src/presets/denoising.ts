/** `denoising`: trained on damaged examples to give back the whole ones; examples of any shape. */
import { ModelError } from '../errors.ts';
import { corrupt, corruptions, type CorruptLayer } from '../layers/corrupt.ts';
import { flatten } from '../layers/reshape.ts';
import { sequential } from '../layers/sequential.ts';
import { decoderShape } from '../likelihoods/likelihood.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import type { ModelFunction } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { denseStack } from '../networks/denseStack.ts';
import { gaussianEncoder } from '../networks/encoder.ts';
import { mlpDecoder } from '../networks/mlp.ts';
import { elementCount } from '../shape.ts';
import { vae, type Vae } from '../vae.ts';
import { definePreset } from './preset.ts';
import { elboOf, elboOptions } from './vaeOptions.ts';

const name = 'denoising';
const hidden = [400];

/** A VAE with the function `corrupt`: x damaged as it was in training. */
export type DenoisingVae = Vae & {
  readonly functions: Vae['functions'] & { readonly corrupt: ModelFunction };
};

function corruptionOf(noise: string) {
  const found = corruptions.find((each) => each === noise);
  if (found !== undefined) return found;
  throw new ModelError({
    code: 'MODEL_PRESET_OPTION',
    where: `preset "${name}", noise`,
    expected: `one of ${corruptions.join(', ')}`,
    got: JSON.stringify(noise),
    fix: 'Choose one of these.',
  });
}

/** Outside training the model takes x as it is; who wants it damaged damages it with this first. */
function corruptFunction({ inputShape, noise, corrupt: damage }: CorruptLayer): ModelFunction {
  return {
    inputs: { x: inputShape },
    noise,
    outputs: { x: inputShape },
    apply: (_params, inputs, drawn) => ({ x: damage(requireTensor('input', inputs, 'x'), drawn) }),
  };
}

export const denoisingPreset = definePreset({
  name,
  summary:
    'denoising VAE: learns from noisy, masked or speckled examples to restore them; data of any shape',
  paper:
    'Im, Ahn, Memisevic, Bengio: "Denoising Criterion for Variational Auto-Encoding Framework" (2017), arXiv:1511.06406',
  options: {
    latentDim: 32,
    /** `gaussian`, `masking` or `salt-and-pepper`. */
    noise: 'gaussian',
    /** Standard deviation of the noise, or the share of the values that it changes. */
    noiseLevel: 0.5,
    ...elboOptions,
    likelihood: 'bernoulli',
  },
  defaults: { batchSize: 128, learningRate: 1e-3, optimizer: 'adam', epochs: 20 },
  expect: { data: 'mnist', flags: '--epochs 3 --micro-batch 128', testLoss: 122.6, within: 0.6 },
  build: (options, { shape }): DenoisingVae => {
    const { latentDim, noise, noiseLevel: level } = options;
    const likelihood = findLikelihood(options.likelihood);
    const corruption = corrupt('corruption', {
      inputShape: shape,
      kind: corruptionOf(noise),
      level,
    });
    const trunk = sequential(
      corruption,
      flatten(shape),
      denseStack('encoder', { inputs: elementCount(shape), units: hidden, output: 'relu' }),
    );
    const model = vae({
      name,
      encoder: gaussianEncoder('encoder', trunk, latentDim),
      decoder: mlpDecoder({
        outputShape: decoderShape(likelihood, shape),
        hidden: hidden.toReversed(),
        latentDim,
      }),
      latentDim,
      likelihood,
      objective: elboOf(options),
    });
    return { ...model, functions: { ...model.functions, corrupt: corruptFunction(corruption) } };
  },
});
