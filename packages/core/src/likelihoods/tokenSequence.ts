/**
 * Likelihood of a text: each token given those before it, and given what the decoder says at its step.
 *
 *   -log p(x | z) = -sum_t log p(x_t | x_1 ... x_{t-1}, c_t(z)),   up to and with the first end token
 *
 * x holds token numbers; token 0 is the end and fills up what is behind it, which is not scored. In
 * training the network may be kept from seeing some of the tokens before, so that it must rely on z:
 * word dropout, Bowman et al.: "Generating Sentences from a Continuous Space" (2016), section 3.2.
 *
 * Shapes: B examples, T steps, V tokens, C values of the condition.
 */
import {
  argMax,
  cast,
  cumsum,
  div,
  logSoftmax,
  mul,
  neg,
  pad,
  reshape,
  slice,
  softmax,
  stack,
  step,
  sub,
  sum,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { ModelError } from '../errors.ts';
import { oneHot } from '../math/oneHot.ts';
import type { NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import type { TokenNetwork } from '../networks/tokenNetwork.ts';
import type { Likelihood } from './likelihood.ts';

export interface TokenSequenceOptions {
  readonly network: TokenNetwork;
  /** Share of the tokens before that is hidden in training, from 0 to below 1. Default 0. */
  readonly wordDropout?: number;
}

export interface TokenSequence extends Likelihood {
  /** Tokens of each example that are scored, the end token with them, [B]. x: [B, T] */
  scoredTokens(x: Tensor): Tensor1D;
  /**
   * x ~ p(x | z), [B, T], by the noise u: [B, T]. temperature: [B], above 0; the logits are divided by
   * it. Default 1.
   */
  drawTokens(
    params: NamedTensors,
    output: Tensor,
    options: { readonly u: Tensor; readonly temperature?: Tensor },
  ): Tensor2D;
}

const DROPPED = 'likelihood/dropped';
const DRAWN = 'likelihood/u';

/** A decoder gives it [T, C]. Throws MODEL_LIKELIHOOD_OPTION. */
export function tokenSequence({ network, wordDropout = 0 }: TokenSequenceOptions): TokenSequence {
  const { steps, tokens, conditionDim } = network;
  const likelihood = 'token-sequence';
  requireShare(wordDropout);

  const generate = (
    params: NamedTensors,
    output: Tensor,
    choose: (logits: Tensor2D, t: number) => Tensor1D,
  ): Tensor2D =>
    tidy('generate', () => {
      const next = network.stepper(params, output);
      let before: Tensor2D | undefined;
      let goesOn: Tensor | undefined;
      const chosen = Array.from({ length: steps }, (_, t) => {
        const drawn = choose(next(before), t); // [B]
        const token = goesOn ? mul(drawn, goesOn) : drawn;
        before = oneHot(token, tokens) as Tensor2D;
        goesOn = step(token);
        return token;
      });
      return stack(chosen, 1) as Tensor2D;
    });

  const drawTokens: TokenSequence['drawTokens'] = (params, output, { u, temperature }) =>
    generate(params, output, (logits, t) => {
      const [batch = 1] = logits.shape;
      const tempered = temperature ? div(logits, reshape(temperature, [batch, 1])) : logits;
      // The token that u falls upon: how many of the cumulative probabilities lie below it.
      const bounds = slice(cumsum(softmax(tempered), 1), [0, 0], [batch, tokens - 1]);
      return sum<Tensor1D>(step(sub(slice(u, [0, t], [batch, 1]), bounds)), 1);
    });

  return {
    name: likelihood,
    support: { low: 0, high: tokens - 1, step: 1 },
    outputsPerValue: conditionDim,
    outputShape: [steps, conditionDim],
    parameters: network.parameters,
    ...(wordDropout > 0 && {
      noise: { [DROPPED]: { shape: [steps], distribution: 'uniform' } },
    }),
    negativeLogProb: (x, output, params = {}, context) =>
      tidy(likelihood, () => {
        const previous = tokensBefore(x);
        const seen =
          context && wordDropout > 0
            ? step(sub(requireTensor('noise', context.noise, DROPPED), wordDropout)) // [B, T]
            : undefined;
        const logProbs = logSoftmax(network.logits(params, previous, output, seen)); // [B, T, V]
        const chosen = sum(mul(oneHot(x, tokens), logProbs), 2); // [B, T]
        return neg(sum<Tensor1D>(mul(chosen, isScored(previous)), 1));
      }),
    scoredTokens: (x) => tidy(() => sum<Tensor1D>(isScored(tokensBefore(x)), 1)),
    mean: (output, params = {}) =>
      generate(params, output, (logits) => cast(argMax(logits, 1), 'float32')),
    sampleNoise: () => ({ [DRAWN]: { shape: [steps], distribution: 'uniform' } }),
    sample: (output, noise, params = {}) =>
      drawTokens(params, output, { u: requireTensor('noise', noise, DRAWN) }),
    drawTokens,
  };
}

function requireShare(wordDropout: number): void {
  if (wordDropout >= 0 && wordDropout < 1) return;
  throw new ModelError({
    code: 'MODEL_LIKELIHOOD_OPTION',
    where: 'token-sequence likelihood, wordDropout',
    expected: 'a number from 0 to below 1',
    got: String(wordDropout),
    fix: 'Set it to the share of the tokens to hide, or leave it out.',
  });
}

/** [B, T] -> [B, T]: the token before each; before the first an end token. */
function tokensBefore(x: Tensor): Tensor2D {
  const [batch = 1, steps = 1] = x.shape;
  return pad(slice(x as Tensor2D, [0, 0], [batch, steps - 1]), [[0, 0], [1, 0]]); // prettier-ignore
}

/** 1 at the first step and where the token before is not the end, [B, T]. */
function isScored(previous: Tensor2D): Tensor2D {
  const [batch, steps] = previous.shape;
  const later = step(slice(previous, [0, 1], [batch, steps - 1]));
  return pad(later, [[0, 0], [1, 0]], 1); // prettier-ignore
}
