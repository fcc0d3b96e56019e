/**
 * How likely a VAE finds an example, from one draw of z ~ q(z | x), as functions of the model. All take
 * the same noise `eps`; of more draws the caller makes a mean, or of `logWeight` a logarithm of means.
 *
 * Shapes: B examples, L = latentDim.
 */
import { add, sub, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { logWeightFunction } from '../functions/logWeight.ts';
import type { ModelFunction, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { Draw, Encoded } from '../posteriors/posterior.ts';
import { decoderOutput, encoded, labelOf } from './networks.ts';
import type { VaeParts } from './options.ts';

/**
 * There where the posterior has a density. (A type: an interface would not do as a record.)
 *
 *   logWeight     log p(x | z) + log p(z) - log q(z | x)
 *   negativeElbo  `loss` = `reconstruction` + `kl`: -log p(x | z), and the KL as the loss has it, but
 *                 with weight 1, whatever the objective
 *   columnLosses  of a table: -log p of each column given z, 0 where the value is missing
 */
export type ScoreFunctions = {
  readonly logWeight?: ModelFunction;
  readonly negativeElbo?: ModelFunction;
  readonly columnLosses?: ModelFunction;
};

interface Scored {
  readonly x: Tensor; // [B, ...shape]
  readonly encoding: Encoded;
  readonly draw: Draw;
  readonly output: Tensor; // [B, ...decoderShape]
}

export function scoreFunctions(parts: VaeParts): ScoreFunctions {
  const { latentDim, likelihood, posterior, prior, condition, shape } = parts;
  if (posterior.deterministic) return {};
  const inputs: ModelFunction['inputs'] = { x: shape, ...(condition && { label: [] }) };
  const noise: ModelFunction['noise'] = { eps: { shape: [latentDim], distribution: 'normal' } };

  const score = (params: NamedTensors, given: NamedTensors, drawn: NamedTensors): Scored => {
    const x = requireTensor('input', given, 'x');
    const eps = requireTensor('noise', drawn, 'eps') as Tensor2D; // [B, L]
    const label = labelOf(parts, given);
    const encoding = encoded(parts, params, x, label);
    const draw = posterior.draw(params, encoding, eps);
    return { x, encoding, draw, output: decoderOutput(parts, params, draw.z, label) };
  };
  /** [B] */
  const latentTerm = (params: NamedTensors, { encoding, draw }: Scored): Tensor1D =>
    prior.kl && posterior.diagonal
      ? prior.kl.total(encoding)
      : sub<Tensor1D>(draw.logProb(), prior.logProb(params, draw.z));

  return {
    logWeight: logWeightFunction({
      inputs,
      noise,
      logWeight: (params, given, drawn) =>
        tidy(() => {
          const { x, draw, output } = score(params, given, drawn);
          const latents = sub<Tensor1D>(prior.logProb(params, draw.z), draw.logProb());
          return sub<Tensor1D>(latents, likelihood.negativeLogProb(x, output, params));
        }),
    }),
    negativeElbo: {
      inputs,
      noise,
      outputs: { loss: [], reconstruction: [], kl: [] },
      apply: (params, given, drawn) =>
        tidy(() => {
          const scored = score(params, given, drawn);
          const reconstruction = likelihood.negativeLogProb(scored.x, scored.output, params);
          const kl = latentTerm(params, scored);
          return { loss: add<Tensor1D>(reconstruction, kl), reconstruction, kl };
        }),
    },
    ...(likelihood.valueLosses && {
      columnLosses: {
        inputs,
        noise,
        outputs: { columnLosses: shape },
        apply: (params, given, drawn) =>
          tidy(() => {
            const { x, output } = score(params, given, drawn);
            const losses = likelihood.valueLosses?.(x, output, params);
            return { columnLosses: losses as Tensor }; // [B, ...shape]
          }),
      },
    }),
  };
}
