/**
 * What a VAE can do beside its loss, under the names that the trainer and the metrics know. In a
 * conditional VAE all but `sample` take the label besides, and `sample` draws one for each example.
 *
 * Shapes: B examples, L = latentDim.
 */
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { drawLatentFunction } from '../functions/drawLatent.ts';
import type { ModelFunction, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { PosteriorSummary } from '../posteriors/posterior.ts';
import { conditionalStepFunction } from './conditionalStep.ts';
import { drawLabel } from './condition.ts';
import { latentGradientFunction } from './latentGradient.ts';
import { decoderOutput, encoded, labelOf } from './networks.ts';
import type { VaeParts } from './options.ts';
import { scoreFunctions, type ScoreFunctions } from './scoreFunctions.ts';

/**
 * `sample` is the mean of p(x | z) for z from the prior, `draw` a draw of it. `drawLatent` is there where
 * the posterior is a diagonal Gaussian, `conditionalStep` where its density can be asked for at any z,
 * `latentGradient` where values are independent given z.
 */
export type VaeFunctions = Readonly<
  Record<'encode' | 'decode' | 'sample' | 'draw' | 'reconstruct', ModelFunction>
> &
  ScoreFunctions & {
    readonly drawLatent?: ModelFunction;
    readonly conditionalStep?: ModelFunction;
    readonly latentGradient?: ModelFunction;
  };

/** Borrow their arguments; the results are new. `label`: [B], of a conditional VAE. */
export interface VaeMethods {
  encode(params: NamedTensors, x: Tensor, label?: Tensor): PosteriorSummary;
  decode(params: NamedTensors, z: Tensor, label?: Tensor): Tensor;
  reconstruct(params: NamedTensors, x: Tensor, label?: Tensor): Tensor;
}

export function vaeMethods(parts: VaeParts): VaeMethods {
  const { likelihood, posterior } = parts;
  const decode: VaeMethods['decode'] = (params, z, label) =>
    tidy(() => likelihood.mean(decoderOutput(parts, params, z, label), params));
  const encode: VaeMethods['encode'] = (params, x, label) =>
    tidy(() => ({ ...posterior.summary(params, encoded(parts, params, x, label)) }));
  return {
    encode,
    decode,
    reconstruct: (params, x, label) =>
      tidy(() => decode(params, encode(params, x, label).mu, label)),
  };
}

export function vaeFunctions(parts: VaeParts, methods: VaeMethods): VaeFunctions {
  const { latentDim, likelihood, posterior, prior, condition, shape } = parts;
  const label: ModelFunction['inputs'] = condition ? { label: [] } : {};
  const latent = [latentDim];
  const conditionalStep = conditionalStepFunction(parts);
  const latentGradient = latentGradientFunction(parts);
  const fromPrior: ModelFunction['noise'] = {
    ...prior.noise,
    ...(condition && { label: { shape: [], distribution: 'uniform' } as const }),
  };
  return {
    encode: {
      inputs: { x: shape, ...label },
      noise: {},
      outputs: { mu: latent, ...(posterior.deterministic ? {} : { logVar: latent }) },
      apply: (params, inputs) => ({
        ...methods.encode(params, requireTensor('input', inputs, 'x'), labelOf(parts, inputs)),
      }),
    },
    decode: {
      inputs: { z: latent, ...label },
      noise: {},
      outputs: { x: shape },
      apply: (params, inputs) => ({
        x: methods.decode(params, requireTensor('input', inputs, 'z'), labelOf(parts, inputs)),
      }),
    },
    sample: {
      inputs: {},
      noise: fromPrior,
      outputs: { x: shape },
      apply: (params, _, noise) => ({ x: decodeSample(parts, params, noise) }),
    },
    draw: {
      inputs: {},
      noise: { ...fromPrior, ...likelihood.sampleNoise(shape) },
      outputs: { x: shape },
      apply: (params, _, noise) => ({ x: drawSample(parts, params, noise) }),
    },
    reconstruct: {
      inputs: { x: shape, ...label },
      noise: {},
      outputs: { x: shape },
      apply: (params, inputs) => ({
        x: methods.reconstruct(params, requireTensor('input', inputs, 'x'), labelOf(parts, inputs)),
      }),
    },
    ...scoreFunctions(parts),
    ...(conditionalStep && { conditionalStep }),
    ...(latentGradient && { latentGradient }),
    ...(posterior.diagonal && {
      drawLatent: drawLatentFunction({
        inputs: { x: shape, ...label },
        latentDim,
        encode: (params, inputs) =>
          encoded(parts, params, requireTensor('input', inputs, 'x'), labelOf(parts, inputs)),
        logPrior: (params, z) => prior.logProb(params, z),
      }),
    }),
  };
}

/** The decoder's output for z ~ p(z), [B, ...decoderShape] */
function decodedPrior(parts: VaeParts, params: NamedTensors, noise: NamedTensors): Tensor {
  const { prior, condition } = parts;
  const z = prior.sample(params, noise);
  if (!condition) return decoderOutput(parts, params, z);
  const label = drawLabel(requireTensor('noise', noise, 'label'), condition.classes);
  return decoderOutput(parts, params, z, label);
}

/** The mean of p(x | z) for z ~ p(z), [B, ...shape] */
export function decodeSample(parts: VaeParts, params: NamedTensors, noise: NamedTensors): Tensor {
  return tidy(() => parts.likelihood.mean(decodedPrior(parts, params, noise), params));
}

/** x ~ p(x | z) for z ~ p(z), [B, ...shape] */
function drawSample(parts: VaeParts, params: NamedTensors, noise: NamedTensors): Tensor {
  return tidy(() => parts.likelihood.sample(decodedPrior(parts, params, noise), noise, params));
}
