/**
 * The model function `latentGradient`: how well a z explains the values of an example that are known, and which
 * way it would explain them better,
 *
 *   logJoint = log p(x_known | z) + log p(z),   gradient = d logJoint / dz
 *
 * The values that are not known are integrated out, which is to leave their terms out of log p(x | z), where
 * values are independent given z. It is log p(z | x_known) but for a constant: what a Hamiltonian Monte Carlo
 * sampler of that posterior asks for (Neal: "MCMC using Hamiltonian Dynamics" (2011), arXiv:1206.1901). The
 * encoder has no part in it, so it may be as wrong as it likes about incomplete examples.
 *
 * Shapes: B examples, L = latentDim.
 */
import { mul, onesLike, reshape, sub, sum, tidy, valueAndGrad } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { outputsOfValues, type Likelihood } from '../likelihoods/likelihood.ts';
import type { ModelFunction, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { decoderOutput, labelOf } from './networks.ts';
import type { VaeParts } from './options.ts';

/** Undefined where values depend on each other given z, or where z is a code, not drawn. */
export function latentGradientFunction(parts: VaeParts): ModelFunction | undefined {
  const { latentDim, likelihood, posterior, prior, condition, shape } = parts;
  if (posterior.deterministic || !hasValueTerms(likelihood)) return undefined;
  const latent = [latentDim];
  return {
    inputs: { x: shape, known: shape, z: latent, ...(condition && { label: [] }) },
    noise: {},
    outputs: { logJoint: [], gradient: latent },
    apply: (params, inputs) =>
      tidy(() => {
        const x = requireTensor('input', inputs, 'x');
        const known = requireTensor('input', inputs, 'known');
        const z = requireTensor('input', inputs, 'z') as Tensor2D; // [B, L]
        const label = labelOf(parts, inputs);
        const logPrior = (at: Tensor2D): Tensor1D => prior.logProb(params, at); // [B]
        const logJoint = (at: Tensor): Tensor1D => {
          const output = decoderOutput(parts, params, at, label);
          const terms = valueTerms(likelihood, x, output, params); // [B, size]
          const cost = sum<Tensor1D>(mul(reshape(known, terms.shape), terms), 1); // [B]
          return sub<Tensor1D>(logPrior(at as Tensor2D), cost);
        };
        // Of the sum over examples, each of which depends on its own z alone.
        const ones = onesLike(sum<Tensor1D>(z, 1));
        const { value, grad } = valueAndGrad(logJoint)(z, ones);
        return { logJoint: value, gradient: grad };
      }),
  };
}

const hasValueTerms = ({ jointly, outputShape }: Likelihood): boolean =>
  jointly !== true && outputShape === undefined;

/** -log p of each value of x given z, [B, size]: each value taken as an example of its own. */
function valueTerms(
  likelihood: Likelihood,
  x: Tensor,
  output: Tensor,
  params: NamedTensors,
): Tensor {
  const { outputsPerValue } = likelihood;
  const outputs = outputsOfValues(output, outputsPerValue); // [B, size, outputsPerValue]
  const [batch, size] = outputs.shape;
  const each = reshape(outputs, [batch * size, outputsPerValue]);
  const terms = likelihood.negativeLogProb(reshape(x, [batch * size, 1]), each, params);
  return reshape(terms, [batch, size]);
}
