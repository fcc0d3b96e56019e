/** What a VAE is composed of, and whether the parts fit. */
import { ModelError } from '../errors.ts';
import type { Layer } from '../layers/layer.ts';
import { decoderShape, type Likelihood } from '../likelihoods/likelihood.ts';
import type { ExampleShape } from '../model.ts';
import type { Encoder } from '../networks/encoder.ts';
import { elbo } from '../objectives/elbo.ts';
import { weightedKl } from '../objectives/klTerm.ts';
import type { Objective } from '../objectives/objective.ts';
import { checkRequirements } from '../objectives/requirements.ts';
import { diagonalGaussian } from '../posteriors/diagonalGaussianPosterior.ts';
import type { Posterior } from '../posteriors/posterior.ts';
import type { Prior } from '../priors/prior.ts';
import { standardNormal } from '../priors/standardNormal.ts';
import { formatShape, sameShape } from '../shape.ts';
import { conditionedShape, type Condition } from './condition.ts';

export interface VaeOptions {
  readonly encoder: Encoder;
  /** A layer from [latentDim] to the encoder's input shape; its output feeds the likelihood. */
  readonly decoder: Layer;
  readonly latentDim: number;
  readonly likelihood: Likelihood;
  /** Weight of the KL term, >= 0. Default 1. Instead of `objective`. */
  readonly klWeight?: number;
  /** Default: the ELBO. */
  readonly objective?: Objective;
  /** Default: diagonal Gaussian. */
  readonly posterior?: Posterior;
  /** Default: N(0, I). */
  readonly prior?: Prior;
  /** Encoder and decoder see the label besides: their inputs have `classes` more values. */
  readonly condition?: Condition;
  /** Default `vae`. */
  readonly name?: string;
}

/** The options with everything decided. */
export interface VaeParts {
  readonly name: string;
  readonly encoder: Encoder;
  readonly decoder: Layer;
  readonly latentDim: number;
  readonly likelihood: Likelihood;
  readonly objective: Objective;
  readonly posterior: Posterior;
  readonly prior: Prior;
  readonly condition: Condition | undefined;
  /** Of x. */
  readonly shape: ExampleShape;
}

function fail(where: string, expected: string, got: string, fix: string): never {
  throw new ModelError({ code: 'MODEL_VAE_OPTION', where: `vae, ${where}`, expected, got, fix });
}

/** Throws MODEL_VAE_OPTION. */
export function completeOptions(options: VaeOptions): VaeParts {
  const {
    encoder,
    decoder,
    latentDim,
    likelihood,
    klWeight = 1,
    condition,
    name = 'vae',
  } = options;
  if (!Number.isInteger(latentDim) || latentDim < 1) {
    fail('latentDim', 'a positive integer', String(latentDim), 'Set latentDim to 1 or more.');
  }
  if (!(klWeight >= 0 && klWeight < Infinity)) {
    fail('klWeight', 'a finite number, 0 or more', String(klWeight), 'Use 1 for the plain ELBO.');
  }
  if (options.klWeight !== undefined && options.objective !== undefined) {
    fail('klWeight', 'no klWeight beside an objective', 'both', 'Give the objective its weights.');
  }
  const { posterior = diagonalGaussian(), prior = standardNormal(latentDim) } = options;
  const objective = options.objective ?? elbo(weightedKl(klWeight));
  const shape = condition?.shape ?? encoder.inputShape;
  const parts = { name, encoder, decoder, latentDim, likelihood, objective };
  const complete = { ...parts, posterior, prior, condition, shape };
  checkLatent(complete);
  checkShapes(complete);
  checkRequirements(objective.name, objective.requires ?? [], posterior, prior);
  return complete;
}

function checkLatent({ encoder, posterior, prior, objective, latentDim }: VaeParts): void {
  if (encoder.latentDim !== latentDim) {
    const got = `${String(encoder.latentDim)} dimensions`;
    fail('encoder', `mu and logVar of ${String(latentDim)} dimensions`, got, 'Make them agree.');
  }
  if (prior.latentDim !== latentDim) {
    const got = `${String(prior.latentDim)} dimensions`;
    fail('prior', `one of ${String(latentDim)} dimensions`, got, 'Make it agree with latentDim.');
  }
  const { extraDim = 0 } = encoder;
  if (extraDim !== posterior.extraDim) {
    const expected = `${String(posterior.extraDim)} values beside mu and logVar`;
    const fix = `Build the encoder with extraDim ${String(posterior.extraDim)}, which the posterior "${posterior.name}" needs.`;
    fail('encoder', expected, String(extraDim), fix);
  }
  if (prior.state !== undefined && !posterior.deterministic) {
    const fix = 'Use another prior: this one is for sampling codes without noise.';
    fail('prior', 'one with a density', `prior "${prior.name}"`, fix);
  }
  const { draws = 1 } = objective;
  if (!Number.isInteger(draws) || draws < 1) {
    fail('objective, draws', 'a positive integer', String(draws), 'Draw once or more.');
  }
}

function outputOf({ name, outputsPerValue, outputShape }: Likelihood): string {
  if (outputShape !== undefined) return `what the likelihood "${name}" takes`;
  if (outputsPerValue === 1) return "the encoder's input shape";
  return `${String(outputsPerValue)} for each value (likelihood "${name}")`;
}

function checkShapes({
  encoder,
  decoder,
  latentDim,
  likelihood,
  condition,
  shape,
}: VaeParts): void {
  const latent = latentDim + (condition?.classes ?? 0);
  if (!sameShape(decoder.inputShape, [latent])) {
    const got = formatShape(decoder.inputShape);
    fail('decoder', `input of shape [${String(latent)}]`, got, 'Make it agree with latentDim.');
  }
  const output = decoderShape(likelihood, shape);
  if (!sameShape(decoder.outputShape, output)) {
    const expected = `output of ${outputOf(likelihood)}, ${formatShape(output)}`;
    fail('decoder', expected, formatShape(decoder.outputShape), 'Make both take the same data.');
  }
  if (condition === undefined) return;
  const fits = [false, true].map((planes) => conditionedShape(condition, planes));
  if (!fits.some((each) => sameShape(each, encoder.inputShape))) {
    const expected = `input of shape ${fits.map(formatShape).join(' or ')}, example and label`;
    fail('encoder', expected, formatShape(encoder.inputShape), 'Use conditionedShape().');
  }
}
