/**
 * The model contract: what to compute, and nothing about how or where.
 *
 * A model is pure and per example: `loss` maps parameters, a batch and noise to one loss for each
 * example. It holds no state and draws no random numbers; noise is an argument. So any engine may
 * trace it, any worker may run it, and the result depends on the arguments only.
 *
 * Shapes: B = examples in the micro-batch. Every tensor is float32.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Initializer } from './initializers.ts';
import type { Support } from './likelihoods/support.ts';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Shape of one example, without the leading batch dimension; `[]` is a scalar per example. */
export type ExampleShape = readonly number[];

/** One trainable tensor. The order of a model's specs is the order of its bytes everywhere. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Initializer;
}

/** Noise that the caller draws: one independent array of `shape` for each example. */
export interface NoiseSpec {
  readonly shape: ExampleShape;
  /** `normal`: N(0, 1). `uniform`: U(0, 1), 0 excluded, 1 excluded. */
  readonly distribution: 'normal' | 'uniform';
}

/**
 * A tensor that is not trained but averaged, such as the moments of batch normalisation or the counts
 * of a codebook. It reaches the model among the parameters, by its name. After each step
 *
 *   state = decay * state + (1 - decay) * mean of the statistic over the global batch's examples
 */
export interface StateSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Initializer;
  /** In [0, 1); 0 keeps the last batch's mean alone. */
  readonly decay: number;
}

/** A number that changes from step to step, such as the weight of the KL term during a warm-up. */
export interface ScalarSpec {
  /** In step number `step`, from 0, of `totalSteps`. Arithmetic that is exact everywhere: + - * /. */
  at(step: number, totalSteps: number): number;
  /** Outside training, where losses of different steps are compared. */
  readonly evaluation: number;
}

/** What `loss` is told beside its tensors. */
export interface LossContext {
  /** The same for the whole of a traced function, so a model may branch on it. */
  readonly training: boolean;
  /** [B]; 0 for an example that only fills the micro-batch up. What looks across examples heeds it. */
  readonly weight: Tensor1D;
  /** By name, [] each. */
  readonly scalars: NamedTensors;
}

/** What `loss` returns: one value for each example. */
export interface LossResult {
  readonly loss: Tensor1D; // [B]
  readonly metrics: Readonly<Record<string, Tensor1D>>; // each [B]; keys = metrics of model or phase
  /** By the name of a state tensor, [B, ...its shape]; all of them in training, from `loss` alone. */
  readonly statistics?: NamedTensors;
}

/**
 * A further round of a step, after that of `loss` and on the same examples and noise: with parameters
 * of its own to train, and a loss for them. A discriminator, for example.
 */
export interface Phase {
  readonly name: string;
  /** Names of the parameters it trains; each belongs to one phase at most, the rest to `loss`. */
  readonly parameters: readonly string[];
  /** Reported beside the model's own, and beside the phase's loss, which goes by the phase's name. */
  readonly metrics: readonly string[];
  /** Settings that replace the run's for these parameters. */
  readonly optimizer?: { readonly name?: string; readonly [setting: string]: unknown };
  /** Instead of the run's. */
  readonly learningRate?: number;
  loss(
    params: NamedTensors,
    batch: NamedTensors,
    noise: NamedTensors,
    context: LossContext,
  ): LossResult;
}

/** A pure function of the parameters other than the loss (encode, decode, sample ...). */
export interface ModelFunction {
  readonly inputs: Readonly<Record<string, ExampleShape>>;
  readonly noise: Readonly<Record<string, NoiseSpec>>;
  readonly outputs: Readonly<Record<string, ExampleShape>>;
  apply(params: NamedTensors, inputs: NamedTensors, noise: NamedTensors): NamedTensors;
}

export interface Model {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  /** What the model reads of each example: `x` (values in [0, 1]) and, if it wants, `label` ([]). */
  readonly inputs: Readonly<Record<string, ExampleShape>>;
  readonly noise: Readonly<Record<string, NoiseSpec>>;
  /** Names of the metrics `loss` returns beside the loss, in the order they are reported. */
  readonly metrics: readonly string[];
  /** The loss of training, or of its first phase, and of evaluation. */
  loss(
    params: NamedTensors,
    batch: NamedTensors,
    noise: NamedTensors,
    context: LossContext,
  ): LossResult;
  /** What values of `x` the loss can score, where not all. */
  readonly support?: Support;
  readonly state?: readonly StateSpec[];
  readonly scalars?: Readonly<Record<string, ScalarSpec>>;
  readonly phases?: readonly Phase[];
  /**
   * `sample` and `reconstruct`, where a model has them, draw the run folder's pictures. A `sample` that knows
   * classes draws one by its noise `label`, uniform: floor(u * classes).
   */
  readonly functions?: Readonly<Record<string, ModelFunction>>;
}

/** One column of a table, which is one value of `x`. */
export interface ColumnInfo {
  readonly name: string;
  /** `numeric`: a scaled number. `categorical`, `ordinal`: a category's number, 0..categories-1. */
  readonly kind: 'numeric' | 'categorical' | 'ordinal';
  /** Of a column of categories. */
  readonly categories?: number;
  /** Whether values may be missing: NaN. */
  readonly missing: boolean;
}

/** What a model is told of the data it will see. */
export interface ExampleInfo {
  /** Shape of `x`, for example [28, 28, 1] (height, width, channels) or [10]. */
  readonly shape: ExampleShape;
  /** Number of classes where the data has labels 0..classes-1. */
  readonly classes?: number;
  /** Of a table: what each value of `x` is. */
  readonly columns?: readonly ColumnInfo[];
  /** Of text: how many tokens there are; `x` holds their numbers, 0..tokens-1. */
  readonly tokens?: number;
  /** Of ratings: how many items there are; `x` holds, for each, 0 or what the user's rating counts. */
  readonly items?: number;
}

/** What a model file exports by default, and what a preset is: a model for data of this shape. */
export type ModelFactory = (example: ExampleInfo) => Model;
