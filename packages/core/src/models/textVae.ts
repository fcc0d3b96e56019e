/**
 * A VAE of text: the decoder says each token from those before it and from z. Bowman et al.: "Generating
 * Sentences from a Continuous Space" (2016). With a decoder that strong z may go unused, the KL falling
 * to zero; what keeps it in use is the objective's KL term, word dropout, and a network that does not
 * see too far back (Yang et al. 2017).
 *
 * Shapes: B examples, T steps, L = latentDim.
 */
import { tidy, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Layer } from '../layers/layer.ts';
import { tokenSequence, type TokenSequence } from '../likelihoods/tokenSequence.ts';
import type { Model, ModelFunction } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { Encoder } from '../networks/encoder.ts';
import type { TokenNetwork } from '../networks/tokenNetwork.ts';
import type { Objective } from '../objectives/objective.ts';
import { vae, type Vae } from '../vae.ts';

export interface TextVaeOptions {
  /** Of x [T], token numbers. */
  readonly encoder: Encoder;
  /** From [latentDim] to [T, the network's conditionDim]. */
  readonly decoder: Layer;
  readonly network: TokenNetwork;
  readonly latentDim: number;
  /** Share of the tokens before that the network does not see in training. Default 0. */
  readonly wordDropout?: number;
  /** Default: the ELBO. */
  readonly objective?: Objective;
  /** Default `text-vae`. */
  readonly name?: string;
}

/**
 * A VAE whose metrics end with `tokens`, how many were scored: bits of each are the loss / (tokens ln 2).
 * `decode`, `reconstruct` and `sample` choose the likeliest token at each step, `draw` draws it.
 */
export interface TextVae extends Model {
  readonly latentDim: number;
  /** `drawDecoded`: x ~ p(x | z), its tokens drawn at a `temperature`, [], above 0. */
  readonly functions: Vae['functions'] & { readonly drawDecoded: ModelFunction };
}

/** Throws MODEL_VAE_OPTION, MODEL_LIKELIHOOD_OPTION. */
export function textVae({ network, wordDropout = 0, ...options }: TextVaeOptions): TextVae {
  const likelihood = tokenSequence({ network, wordDropout });
  const model = vae({ name: 'text-vae', ...options, likelihood });
  const { name, latentDim, parameters, inputs, noise, support, state, scalars } = model;
  return {
    name,
    latentDim,
    parameters,
    inputs,
    noise,
    metrics: [...model.metrics, 'tokens'],
    ...(support && { support }),
    ...(state && { state }),
    ...(scalars && { scalars }),
    loss: (params, batch, drawn, context) =>
      tidy(() => {
        const result = model.loss(params, batch, drawn, context);
        const tokens = likelihood.scoredTokens(requireTensor('input', batch, 'x'));
        return { ...result, metrics: { ...result.metrics, tokens } };
      }),
    functions: { ...model.functions, drawDecoded: drawDecoded(options, likelihood) },
  };
}

function drawDecoded(
  { decoder, latentDim }: Pick<TextVaeOptions, 'decoder' | 'latentDim'>,
  likelihood: TokenSequence,
): ModelFunction {
  const steps = decoder.outputShape.slice(0, 1);
  return {
    inputs: { z: [latentDim], temperature: [] },
    noise: { u: { shape: steps, distribution: 'uniform' } },
    outputs: { x: steps },
    apply: (params, inputs, noise) =>
      tidy(() => {
        const output = decoder.apply(params, requireTensor('input', inputs, 'z'));
        const temperature = requireTensor('input', inputs, 'temperature') as Tensor1D;
        const u = requireTensor('noise', noise, 'u');
        return { x: likelihood.drawTokens(params, output, { u, temperature }) };
      }),
  };
}
