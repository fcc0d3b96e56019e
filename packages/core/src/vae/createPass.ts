/** The forward pass of a VAE's loss, each part computed when it is first asked for. */
import { reshape, sub, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { runLayer, type LayerContext } from '../layers/layer.ts';
import type { LossContext, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { runEncoder, type TrainedEncoder } from '../networks/encoder.ts';
import type { ForwardPass } from '../objectives/forwardPass.ts';
import type { Draw, Encoded } from '../posteriors/posterior.ts';
import { joinLabel, joinLatent } from './condition.ts';
import type { VaeParts } from './options.ts';
import { eachTensor, meanOfRows, repeatRows } from './repeatRows.ts';

/** What `loss` is given. */
export interface LossArguments {
  readonly params: NamedTensors;
  readonly batch: NamedTensors;
  readonly noise: NamedTensors;
  readonly context: LossContext;
}

/** Names of the prior's noise in a loss that samples it. */
export const priorNoise = (name: string): string => `prior/${name}`;

export interface StartedPass {
  readonly pass: ForwardPass;
  /** Of the layers that ran, by the name of a state tensor, [B, ...its shape]. */
  statistics(): NamedTensors;
}

export function createPass(
  parts: VaeParts,
  { params, batch, noise, context }: LossArguments,
): StartedPass {
  const { encoder, decoder, latentDim, likelihood, posterior, prior, condition } = parts;
  const { draws = 1 } = parts.objective;
  const { training, weight, scalars } = context;
  const layers = training ? { weight, noise } : undefined;
  const statistics: Record<string, Tensor> = {};

  const x = () => requireTensor('input', batch, 'x'); // [B, ...shape]
  const label = () => requireTensor('input', batch, 'label'); // [B]

  const encode = once((): TrainedEncoder => {
    const input = condition ? joinLabel(x(), label(), encoder.inputShape, condition.classes) : x();
    const encoded = runEncoder(encoder, params, input, layers);
    Object.assign(statistics, encoded.statistics);
    return encoded;
  });
  const encodedOfDraws = once((): Encoded => {
    const { posterior: encoded } = encode();
    return draws === 1 ? encoded : repeatEncoded(encoded, draws);
  });
  const draw = once((): Draw => {
    if (posterior.deterministic) return posterior.draw(params, encodedOfDraws(), undefined);
    const eps = requireTensor('noise', noise, 'eps'); // [B, L] or [B, K, L]
    const rows = draws === 1 ? eps : reshape(eps, [-1, latentDim]);
    return posterior.draw(params, encodedOfDraws(), rows as Tensor2D);
  });
  const contextOfDraws = once((): LayerContext | undefined =>
    layers && draws > 1
      ? { weight: repeatRows(weight, draws), noise: eachTensor(noise, repeatRows, draws) }
      : layers,
  );
  const reconstructionsAt = (z: Tensor2D): Tensor1D => {
    const input = condition ? joinLatent(z, repeatRows(label(), draws), condition.classes) : z;
    const decoded = runLayer(decoder, params, input, contextOfDraws());
    Object.assign(statistics, eachTensor(decoded.statistics, meanOfRows, draws));
    const examples = repeatRows(x(), draws);
    return likelihood.negativeLogProb(examples, decoded.y, params, contextOfDraws()); // [N]
  };
  const reconstructions = once(() => reconstructionsAt(draw().z));
  const reconstruction = once(() => meanOfRows(reconstructions(), draws));
  const logQ = once(() => draw().logProb());
  const logPrior = (z: Tensor2D): Tensor1D => prior.logProb(params, z);
  const kl = once((): Tensor1D => {
    if (prior.kl && posterior.diagonal) return prior.kl.total(encode().posterior);
    return meanOfRows(sub<Tensor1D>(logQ(), logPrior(draw().z)), draws);
  });
  const klPerDimension = once((): Tensor2D => {
    if (prior.kl && posterior.diagonal) return prior.kl.perDimension(encode().posterior);
    throw new Error('the objective does not declare that it requires klPerDimension');
  });
  const priorSample = once(() => {
    const own = Object.keys(prior.noise).map((name): [string, Tensor] => [
      name,
      requireTensor('noise', noise, priorNoise(name)),
    ]);
    return prior.sample(params, Object.fromEntries(own));
  });

  return {
    statistics: () => ({
      ...statistics,
      ...(training && prior.statistics?.(params, meanOfRows(draw().z, draws))),
    }),
    pass: {
      training,
      weight,
      draws,
      latentDim,
      posterior,
      prior,
      get encoded() {
        return encode().posterior;
      },
      get encodedOfDraws() {
        return encodedOfDraws();
      },
      get z() {
        return draw().z;
      },
      get reconstruction() {
        return reconstruction();
      },
      get reconstructions() {
        return reconstructions();
      },
      get logQ() {
        return logQ();
      },
      get kl() {
        return kl();
      },
      get klPerDimension() {
        return klPerDimension();
      },
      get priorSample() {
        return priorSample();
      },
      reconstructionsAt,
      logPrior,
      get decoderParameters() {
        return decoder.parameters.map(({ name }) => requireTensor('parameter', params, name));
      },
      scalar: (name) => requireTensor('scalar', scalars, name),
    },
  };
}

function repeatEncoded({ mu, logVar, extra }: Encoded, draws: number): Encoded {
  return {
    mu: repeatRows(mu, draws),
    logVar: repeatRows(logVar, draws),
    ...(extra && { extra: repeatRows(extra, draws) }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
