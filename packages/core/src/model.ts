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

/** What `loss` returns: one value for each example. */
export interface LossResult {
  readonly loss: Tensor1D; // [B]
  readonly metrics: Readonly<Record<string, Tensor1D>>; // each [B]; keys = Model.metrics
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
  loss(params: NamedTensors, batch: NamedTensors, noise: NamedTensors): LossResult;
  /** `sample` and `reconstruct`, where a model has them, draw the run folder's pictures. */
  readonly functions?: Readonly<Record<string, ModelFunction>>;
}

/** What a model is told of the data it will see. */
export interface ExampleInfo {
  /** Shape of `x`, for example [28, 28, 1] (height, width, channels) or [10]. */
  readonly shape: ExampleShape;
  /** Number of classes where the data has labels 0..classes-1. */
  readonly classes?: number;
}

/** What a model file exports by default, and what a preset is: a model for data of this shape. */
export type ModelFactory = (example: ExampleInfo) => Model;
