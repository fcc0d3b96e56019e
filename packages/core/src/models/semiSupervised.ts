/**
 * The semi-supervised VAE "M2": the class y is a latent that is known for some examples.
 *
 *   p(x, y, z) = p(x | y, z) p(y) p(z),   q(y, z | x) = q(y | x) q(z | x, y),   p(y) uniform
 *
 *   J(x, y) = -log p(x | y, z) + log C + KL(q(z | x, y) || p(z))
 *   loss = J(x, y) + alpha / share * -log q(y | x)           where y is known
 *        = sum_y q(y | x) (J(x, y) + log q(y | x))           where it is not (label -1)
 *
 * Kingma, Rezende, Mohamed, Welling: "Semi-Supervised Learning with Deep Generative Models" (2014), eq. 6
 * to 9. `share` is that of the examples with a label (models/knownLabels.ts): alpha is relative to the
 * mean loss over all examples, 0.1 in the paper, whatever the number of labels. All classes are summed over
 * for every example, in one pass of B * C rows with the same noise for each class.
 *
 * B examples, C classes, L = latentDim.
 */
import {
  add,
  argMax,
  cast,
  exp,
  logSoftmax,
  logSumExp,
  mul,
  neg,
  range,
  reshape,
  softmax,
  sub,
  sum,
  tidy,
  tile,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { logWeightFunction } from '../functions/logWeight.ts';
import { layerNeeds, runLayer, type Layer, type LayerContext } from '../layers/layer.ts';
import type { Likelihood } from '../likelihoods/likelihood.ts';
import { oneHot } from '../math/oneHot.ts';
import { portableLog } from '../math/portable.ts';
import type { ExampleShape, Model, ModelFunction, NamedTensors } from '../model.ts';
import { requireTensor } from '../namedTensors.ts';
import { runEncoder, type Encoder } from '../networks/encoder.ts';
import {
  klToStandardNormal,
  logNormalDensity,
  reparameterize,
} from '../posteriors/diagonalGaussian.ts';
import { conditionedShape, drawLabel, joinLabel, joinLatent } from '../vae/condition.ts';
import { eachTensor, meanOfRows, repeatRows } from '../vae/repeatRows.ts';
import { isKnown, knownShare, labelState, labelStatistics, overKnown } from './knownLabels.ts';
import { requireDecoder, requireIntegers, requireNumbers, requireShape } from './options.ts';
import { standardNormalLike } from './ladder.ts';

export interface SemiSupervisedOptions {
  /** Of x. */
  readonly shape: ExampleShape;
  /** C, at least 2. */
  readonly classes: number;
  /** x to the logits of q(y | x), [C]. */
  readonly classifier: Layer;
  /** q(z | x, y): from `conditionedShape`, x joined with y. */
  readonly encoder: Encoder;
  /** From [L + C] to what the likelihood takes. */
  readonly decoder: Layer;
  readonly likelihood: Likelihood;
  /** Weight of the classification, >= 0. Default 0.1. */
  readonly alpha?: number;
  /** Default `semi`. */
  readonly name?: string;
}

/**
 * Metrics: `reconstruction`, `kl` (of z, given y or expected over q(y | x)); `classification` = -log q(y | x)
 * and `accuracy`, over the examples with labels.
 */
export interface SemiSupervised extends Model {
  /**
   * `encode` gives `probabilities` [C] = q(y | x), and `mu`, `logVar` given the likeliest class; `decode`
   * takes `z` and `label`; `sample` draws both, and `draw` x too.
   */
  readonly functions: Readonly<
    Record<'encode' | 'decode' | 'sample' | 'draw' | 'reconstruct' | 'logWeight', ModelFunction>
  >;
}

function checkOptions(name: string, alpha: number, options: SemiSupervisedOptions): void {
  const { shape, classes, classifier, encoder, decoder, likelihood } = options;
  requireIntegers(name, { classes }, 2);
  requireNumbers(name, { alpha }, 'of at least 0');
  requireShape(`${name}, classifier's input`, shape, classifier.inputShape);
  requireShape(`${name}, classifier's output`, [classes], classifier.outputShape);
  const planes = encoder.inputShape.length > 1;
  const joined = conditionedShape({ shape, classes }, planes);
  requireShape(`${name}, encoder's input`, joined, encoder.inputShape);
  const latent = [encoder.latentDim + classes];
  requireDecoder(name, { decoder, likelihood }, { latent, x: shape });
}

/** Throws MODEL_OPTION. */
export function semiSupervised({
  name = 'semi',
  ...options
}: SemiSupervisedOptions): SemiSupervised {
  const { shape, classes, classifier, encoder, decoder, likelihood, alpha = 0.1 } = options;
  checkOptions(name, alpha, options);
  const { latentDim } = encoder;
  const layers = layerNeeds([classifier, encoder, decoder]);
  const noise = { eps: { shape: [latentDim], distribution: 'normal' }, ...layers.noise } as const;
  const logClasses = portableLog(classes);

  /** -log p(x | y, z) and q(z | x, y) for every y: rows of one example lie together, B C of them. */
  const everyClass = (
    params: NamedTensors,
    x: Tensor,
    eps: Tensor2D,
    context: LayerContext | undefined,
  ) => {
    const B = x.shape[0] ?? 1;
    const label = tile(range(0, classes, 1), [B]); // [B C]
    const repeated = repeatRows(x, classes);
    const layer = context && {
      weight: repeatRows(context.weight, classes),
      noise: eachTensor(context.noise, repeatRows, classes),
    };
    const input = joinLabel(repeated, label, encoder.inputShape, classes);
    const encoded = runEncoder(encoder, params, input, layer);
    const draws = repeatRows(eps, classes);
    const z = reparameterize(encoded.posterior, draws);
    const decoded = runLayer(decoder, params, joinLatent(z, label, classes), layer);
    const cost = likelihood.negativeLogProb(repeated, decoded.y, params); // [B C]
    const statistics = eachTensor(
      { ...encoded.statistics, ...decoded.statistics },
      meanOfRows,
      classes,
    );
    return { posterior: encoded.posterior, z, cost, statistics };
  };
  const byClass = (rows: Tensor): Tensor2D => reshape<Rank.R2>(rows, [-1, classes]);
  const encode = (params: NamedTensors, x: Tensor) => {
    const logits = classifier.apply(params, x);
    const label = cast(argMax(logits, 1), 'float32'); // [B]
    const input = joinLabel(x, label, encoder.inputShape, classes);
    return { logits, label, posterior: encoder.apply(params, input) };
  };
  const decode = (params: NamedTensors, z: Tensor, label: Tensor) => ({
    x: likelihood.mean(decoder.apply(params, joinLatent(z, label, classes)), params),
  });
  const fromPrior = { z: noise.eps, label: { shape: [], distribution: 'uniform' } } as const;
  /** What `fromPrior` gives. */
  const latent = (given: NamedTensors): readonly [z: Tensor, label: Tensor] => [
    requireTensor('noise', given, 'z'), // [B, L]
    drawLabel(requireTensor('noise', given, 'label'), classes), // [B]
  ];

  return {
    name,
    parameters: [
      ...classifier.parameters,
      ...encoder.parameters,
      ...decoder.parameters,
      ...likelihood.parameters,
    ],
    support: likelihood.support,
    inputs: { x: shape, label: [] },
    noise,
    metrics: ['reconstruction', 'kl', 'classification', 'accuracy'],
    state: [...labelState, ...layers.state],
    loss: (params, batch, drawn, context) =>
      tidy(() => {
        const x = requireTensor('input', batch, 'x'); // [B, ...shape]
        const label = requireTensor('input', batch, 'label'); // [B]
        const eps = requireTensor('noise', drawn, 'eps') as Tensor2D; // [B, L]
        const layer = context.training ? { weight: context.weight, noise: drawn } : undefined;
        const known = isKnown(label); // [B]
        const truth = oneHot(label, classes); // [B, C]; zeros where it is not known
        const classified = runLayer(classifier, params, x, layer);
        const logQ = logSoftmax(classified.y, 1); // [B, C]
        const unknown = sub(1, reshape(known, [-1, 1]));
        const share = add(truth, mul(exp(logQ), unknown)); // [B, C]: of each class
        const over = (values: Tensor) => sum<Tensor1D>(mul(share, values), 1); // [B, C] -> [B]

        const each = everyClass(params, x, eps, layer);
        const reconstruction = over(byClass(each.cost)); // [B]
        const kl = over(byClass(klToStandardNormal(each.posterior))); // [B]
        const negativeEntropy = over(mul(logQ, unknown)); // [B]
        const ofKnown = knownShare(params, known, context);
        const surprise = neg(sum(mul(truth, logQ), 1)); // [B]
        const classification = overKnown(surprise, known, ofKnown);
        const hit = sum(mul(truth, oneHot(cast(argMax(logQ, 1), 'float32'), classes)), 1);
        const bound = add(add(reconstruction, kl), add(negativeEntropy, logClasses));
        return {
          loss: add<Tensor1D>(bound, mul(classification, alpha)),
          metrics: {
            reconstruction,
            kl,
            classification,
            accuracy: overKnown(hit, known, ofKnown),
          },
          statistics: { ...labelStatistics(known), ...classified.statistics, ...each.statistics },
        };
      }),
    functions: {
      encode: {
        inputs: { x: shape },
        noise: {},
        outputs: { probabilities: [classes], mu: [latentDim], logVar: [latentDim] },
        apply: (params, inputs) =>
          tidy(() => {
            const { logits, posterior } = encode(params, requireTensor('input', inputs, 'x'));
            const { mu, logVar } = posterior;
            return { probabilities: softmax(logits, 1), mu, logVar };
          }),
      },
      decode: {
        inputs: { z: [latentDim], label: [] },
        noise: {},
        outputs: { x: shape },
        apply: (params, inputs) => {
          const [z, label] = ['z', 'label'].map((input) => requireTensor('input', inputs, input));
          return tidy(() => decode(params, z as Tensor, label as Tensor));
        },
      },
      sample: {
        inputs: {},
        noise: fromPrior,
        outputs: { x: shape },
        apply: (params, _, given) => tidy(() => decode(params, ...latent(given))),
      },
      draw: {
        inputs: {},
        noise: { ...fromPrior, ...likelihood.sampleNoise(shape) },
        outputs: { x: shape },
        apply: (params, _, given) =>
          tidy(() => {
            const [z, label] = latent(given);
            const output = decoder.apply(params, joinLatent(z, label, classes));
            return { x: likelihood.sample(output, given, params) };
          }),
      },
      reconstruct: {
        inputs: { x: shape },
        noise: {},
        outputs: { x: shape },
        apply: (params, inputs) =>
          tidy(() => {
            const { label, posterior } = encode(params, requireTensor('input', inputs, 'x'));
            return decode(params, posterior.mu, label);
          }),
      },
      // Of p(x): the class is summed over, not drawn.
      logWeight: logWeightFunction({
        inputs: { x: shape },
        noise,
        logWeight: (params, inputs, given) =>
          tidy(() => {
            const x = requireTensor('input', inputs, 'x');
            const eps = requireTensor('noise', given, 'eps') as Tensor2D;
            const { posterior, z, cost } = everyClass(params, x, eps, undefined);
            const ratio = sub(
              logNormalDensity(z, standardNormalLike(z)),
              logNormalDensity(z, posterior),
            );
            const joint = sub(sum(ratio, 1), cost); // [B C]
            return sub<Tensor1D>(logSumExp(byClass(joint), 1), logClasses);
          }),
      }),
    },
  };
}
