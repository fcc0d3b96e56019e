/**
 * The model function `conditionalStep`: of a Markov chain that draws the values of examples that are not
 * known given those that are. From (x, z), x complete, one step is
 *
 *   z* ~ q(z | x)
 *   z' = z* with probability min(1, w* / w), else z,   w = p(x | z) p(z) / q(z | x), w* likewise of z*
 *   x' ~ p(x | z')
 *
 * of which the caller keeps x' where a value is not known, and x elsewhere. Metropolis within Gibbs:
 * Mattei, Frellsen: "Leveraging the Exact Likelihood of Deep Latent Variable Models" (2018),
 * arXiv:1802.04826, algorithm 1. The chain's distribution becomes p(unknown | known) of the model itself,
 * however far q is from the posterior; a step that always took z* would be the pseudo-Gibbs sampler of
 * Rezende, Mohamed, Wierstra (2014), appendix F, which is right only where q is.
 *
 * Shapes: B examples, L = latentDim.
 */
import { add, cast, less, log, mul, reshape, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { ModelFunction, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import { decoderOutput, encoded, labelOf } from './networks.ts';
import type { VaeParts } from './options.ts';

/** Undefined where q has no density that can be asked for at any z. */
export function conditionalStepFunction(parts: VaeParts): ModelFunction | undefined {
  const { latentDim, likelihood, posterior, condition, shape } = parts;
  const { logProb } = posterior;
  if (posterior.deterministic || !logProb) return undefined;
  const latent = [latentDim];
  return {
    inputs: { x: shape, z: latent, ...(condition && { label: [] }) },
    noise: {
      eps: { shape: latent, distribution: 'normal' },
      accept: { shape: [], distribution: 'uniform' },
      ...likelihood.sampleNoise(shape),
    },
    outputs: { x: shape, z: latent, accepted: [] },
    apply: (params, inputs, noise) => tidy(() => step(parts, logProb, { params, inputs, noise })),
  };
}

interface Given {
  readonly params: NamedTensors;
  readonly inputs: NamedTensors;
  readonly noise: NamedTensors;
}

function step(
  parts: VaeParts,
  logProb: NonNullable<Posterior['logProb']>,
  { params, inputs, noise }: Given,
): NamedTensors {
  const { likelihood, posterior, prior } = parts;
  const x = requireTensor('input', inputs, 'x');
  const before = requireTensor('input', inputs, 'z') as Tensor2D; // [B, L]
  const label = labelOf(parts, inputs);
  const encoding = encoded(parts, params, x, label);
  const proposal = posterior.draw(
    params,
    encoding,
    requireTensor('noise', noise, 'eps') as Tensor2D,
  );
  /** log w, [B], and the decoder's output, [B, ...decoderShape]. */
  const weighed = (z: Tensor2D, logQ: Tensor1D) => {
    const output = decoderOutput(parts, params, z, label);
    const joint = sub(prior.logProb(params, z), likelihood.negativeLogProb(x, output, params));
    return { z, output, logWeight: sub<Tensor1D>(joint, logQ) };
  };
  const old = weighed(before, logProb(encoding, before));
  const proposed = weighed(proposal.z, proposal.logProb());
  const ratio = sub(proposed.logWeight, old.logWeight); // [B]
  const accepted = cast(less(log(requireTensor('noise', noise, 'accept')), ratio), 'float32');
  const after = likelihood.sample(chosen(accepted, proposed.output, old.output), noise, params);
  return { x: after, z: chosen(accepted, proposed.z, old.z), accepted };
}

/** Of each example `yes` where `accepted` [B] is 1, `no` where it is 0; both [B, ...]. */
function chosen(accepted: Tensor, yes: Tensor, no: Tensor): Tensor {
  const each = reshape(accepted, [-1, ...yes.shape.slice(1).map(() => 1)]);
  return add(mul(each, yes), mul(sub(1, each), no));
}
