/**
 * The stacked semi-supervised VAE "M1 + M2": a plain VAE of x, and on its latent the model whose class is
 * known for some examples (models/semiSupervised.ts).
 *
 *   p(x, z1, y, z2) = p(x | z1) p(z1 | y, z2) p(y) p(z2)
 *
 *   loss = -log p(x | z1) + KL(q(z1 | x) || N(0, I)) + M2's loss of sg(z1),   z1 drawn from q(z1 | x)
 *
 * Kingma, Rezende, Mohamed, Welling: "Semi-Supervised Learning with Deep Generative Models" (2014), section
 * 2.1: M1 learns by its own bound, M2 on draws of its latent. They trained one after the other; here both
 * learn in the same steps, and sg takes the draw as given, so M1 has the weights that it has without labels.
 * The sum is no bound on p(x), as the KL to N(0, I) is there to teach M1; `logWeight` is of the whole.
 *
 * B examples, C classes, L = latentDim of M1.
 */
import {
  add,
  sub,
  sum,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { logWeightFunction } from '../functions/logWeight.ts';
import { stopGradient } from '../math/stopGradient.ts';
import type { Model, ModelFunction, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import {
  logNormalDensity,
  reparameterize,
  type DiagonalGaussian,
} from '../posteriors/diagonalGaussian.ts';
import { vae } from '../vae.ts';
import { createPass } from '../vae/createPass.ts';
import { completeOptions, type VaeOptions } from '../vae/options.ts';
import { nested } from './nested.ts';
import { requireShape } from './options.ts';
import type { SemiSupervised } from './semiSupervised.ts';

type M1Options = Pick<VaeOptions, 'encoder' | 'decoder' | 'latentDim' | 'likelihood'>;

export interface StackedSemiSupervisedOptions extends M1Options {
  /** M2, of examples of shape [latentDim]. */
  readonly classes: SemiSupervised;
  /** Default `semi`. */
  readonly name?: string;
}

/**
 * Metrics: M1's `reconstruction` and `kl`; `classification` and `accuracy` over the examples with labels;
 * `latent`, M2's loss. `encode` gives M1's latent, and `probabilities` [C] = q(y | mu); `sample` draws a class,
 * z2 and z1.
 */
export interface StackedSemiSupervised extends Model {
  readonly functions: Readonly<
    Record<'encode' | 'decode' | 'sample' | 'reconstruct' | 'logWeight', ModelFunction>
  > & { readonly drawLatent?: ModelFunction; readonly latentGradient?: ModelFunction };
}

/** Throws MODEL_OPTION, MODEL_VAE_OPTION. */
export function stackedSemiSupervised({
  name = 'semi',
  classes,
  ...networks
}: StackedSemiSupervisedOptions): StackedSemiSupervised {
  const base = vae({ ...networks, name });
  const parts = completeOptions({ ...networks, name });
  requireShape(`${name}, classes`, [base.latentDim], classes.inputs['x'] ?? []);
  const upper = nested('classes/', classes);
  const { encode, sample, reconstruct, decode, drawLatent, latentGradient } = base.functions;
  const above = classes.functions;
  const { label: uniform, ...drawNoise } = above.draw.noise;
  const noise = { ...base.noise, ...upper.noise };

  return {
    name,
    parameters: [...base.parameters, ...upper.parameters],
    ...(base.support && { support: base.support }),
    inputs: { ...base.inputs, label: [] },
    noise,
    metrics: [...base.metrics, 'classification', 'accuracy', 'latent'],
    state: [...(base.state ?? []), ...upper.state],
    loss: (params, batch, drawn, context) =>
      tidy(() => {
        const { pass, statistics } = createPass(parts, { params, batch, noise: drawn, context });
        const below = parts.objective.loss(pass);
        const z = stopGradient(pass.z); // [B, L]
        const label = requireTensor('input', batch, 'label'); // [B]
        const { loss, metrics, ...rest } = classes.loss(
          upper.inner(params),
          { x: z, label },
          upper.inner(drawn),
          context,
        );
        return {
          loss: add<Tensor1D>(below.loss, loss),
          metrics: { ...metrics, ...below.metrics, latent: loss },
          statistics: { ...statistics(), ...upper.outer(rest.statistics ?? {}) },
        };
      }),
    functions: {
      decode,
      reconstruct,
      ...(drawLatent && { drawLatent }),
      ...(latentGradient && { latentGradient }),
      encode: {
        ...encode,
        outputs: { ...encode.outputs, probabilities: above.encode.outputs['probabilities'] ?? [] },
        apply: (params, inputs) =>
          tidy(() => {
            const encoded = base.encode(params, requireTensor('input', inputs, 'x'));
            const { probabilities } = above.encode.apply(
              upper.inner(params),
              { x: encoded.mu },
              {},
            );
            return { ...encoded, probabilities } as NamedTensors;
          }),
      },
      sample: {
        ...sample,
        noise: { ...upper.outer(drawNoise), ...(uniform && { label: uniform }) },
        apply: (params, _, { label, ...drawn }) =>
          tidy(() => {
            const given = { ...upper.inner(drawn), ...(label && { label }) };
            const { x: z } = above.draw.apply(upper.inner(params), {}, given);
            return { x: base.decode(params, z as Tensor) };
          }),
      },
      // z1 is weighted by p(z1) as M2 has it, not by N(0, I).
      logWeight: logWeightFunction({
        inputs: base.inputs,
        noise,
        logWeight: (params, inputs, drawn) =>
          tidy(() => {
            const x = requireTensor('input', inputs, 'x');
            const eps = requireTensor('noise', drawn, 'eps') as Tensor2D; // [B, L]
            const posterior = base.encode(params, x) as DiagonalGaussian;
            const z = reparameterize(posterior, eps); // [B, L]
            const output = networks.decoder.apply(params, z);
            const cost = networks.likelihood.negativeLogProb(x, output, params); // [B]
            const logQ = sum<Tensor1D>(logNormalDensity(z, posterior), 1); // [B]
            const inner = [upper.inner(params), { x: z }, upper.inner(drawn)] as const;
            const { logWeight: logPrior } = above.logWeight.apply(...inner);
            return sub(sub(logPrior as Tensor1D, logQ), cost);
          }),
      }),
    },
  };
}
