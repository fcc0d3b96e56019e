/**
 * The variational autoencoder: an encoder, a decoder and a likelihood composed into a model, with a
 * posterior, a prior and an objective of choice. As it is without these,
 *
 *   loss = -log p(x | z) + klWeight * KL(q(z | x) || p(z)),   z = mu + exp(logVar / 2) * eps
 *
 * per example, in nats. With klWeight 1 it is the negative ELBO with one draw of z, whose gradient
 * is unbiased: Kingma, Welling: "Auto-Encoding Variational Bayes" (2013), eq. 7 and 10. Another
 * weight makes it the beta-VAE: Higgins et al. (2017), eq. 4.
 *
 * Shapes: B examples, L = latentDim, K draws. Every function borrows its arguments, returns new
 * tensors that the caller owns, and leaves no others behind.
 */
import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { layerNeeds } from './layers/layer.ts';
import type { Model, NamedTensors, NoiseSpec } from './model.ts';
import { fillNoise } from './random/noise.ts';
import { elementCount } from './shape.ts';
import { createPass, priorNoise } from './vae/createPass.ts';
import { decodeSample, vaeFunctions, vaeMethods } from './vae/functions.ts';
import type { VaeFunctions, VaeMethods } from './vae/functions.ts';
import { completeOptions, type VaeOptions, type VaeParts } from './vae/options.ts';

export interface SampleOptions {
  /** Number of samples. */
  readonly count: number;
  readonly seed: number;
}

/**
 * A model whose metrics are its objective's (of the ELBO `reconstruction` = -log p(x | z) and `kl` =
 * KL(q || p), unweighted), and noise `eps` [L], or [K, L] for K draws. Its `functions` do what the
 * methods here do, under the names the trainer knows.
 *
 *   encode       x: [B, ...shape] -> mu and logVar, each [B, L]: see the posterior's `summary`
 *   decode       z: [B, L] -> mean of p(x | z), [B, ...shape]
 *   reconstruct  x: [B, ...shape] -> decode(mu of x), [B, ...shape]. No noise.
 */
export interface Vae extends Model, VaeMethods {
  readonly latentDim: number;
  readonly functions: VaeFunctions;
  /** decode(z) for z drawn from the prior: [count, ...shape], the same for the same seed. */
  sample(params: NamedTensors, options: SampleOptions): Tensor;
}

type NoiseSpecs = Readonly<Record<string, NoiseSpec>>;

/** Composes a VAE. Throws MODEL_VAE_OPTION. */
export function vae(options: VaeOptions): Vae {
  const parts = completeOptions(options);
  const { name, encoder, decoder, latentDim, likelihood, objective, posterior, prior } = parts;
  const methods = vaeMethods(parts);
  const functions = vaeFunctions(parts, methods);
  return {
    name,
    latentDim,
    parameters: [
      ...encoder.parameters,
      ...decoder.parameters,
      ...posterior.parameters,
      ...prior.parameters,
      ...likelihood.parameters,
    ],
    support: likelihood.support,
    inputs: { x: parts.shape, ...(parts.condition && { label: [] }) },
    noise: noiseOf(parts),
    metrics: objective.metrics,
    state: [...layerNeeds([encoder, decoder]).state, ...(prior.state ?? [])],
    scalars: objective.scalars ?? {},
    loss: (params, batch, noise, context) =>
      tidy(() => {
        const { pass, statistics } = createPass(parts, { params, batch, noise, context });
        return { ...objective.loss(pass), statistics: statistics() };
      }),
    ...methods,
    sample: (params, draw) =>
      tidy(() => decodeSample(parts, params, drawNoise(functions.sample.noise, draw))),
    functions,
  };
}

/** In the order of their streams. */
function noiseOf({
  encoder,
  decoder,
  latentDim,
  likelihood,
  posterior,
  prior,
  objective,
}: VaeParts): NoiseSpecs {
  const { draws = 1, samplesPrior = false } = objective;
  const shape = draws === 1 ? [latentDim] : [draws, latentDim];
  const own = Object.entries(prior.noise).map(([name, spec]) => [priorNoise(name), spec] as const);
  return {
    ...(!posterior.deterministic && { eps: { shape, distribution: 'normal' } }),
    ...layerNeeds([encoder, decoder, { noise: likelihood.noise ?? {} }]).noise,
    ...(samplesPrior && Object.fromEntries(own)),
  };
}

/** Noise of kind `sampling`, [count, ...shape] each. */
function drawNoise(specs: NoiseSpecs, { count, seed }: SampleOptions): NamedTensors {
  const drawn = Object.entries(specs).map(([name, { shape, distribution }], stream) => {
    const size = elementCount(shape);
    const values = new Float32Array(count * size);
    for (let example = 0; example < count; example++) {
      const out = values.subarray(example * size, (example + 1) * size);
      fillNoise(out, distribution, { seed, kind: 'sampling', stream, epoch: 0, example });
    }
    return [name, tensor(values, [count, ...shape])] as const;
  });
  return Object.fromEntries(drawn);
}
