/**
 * A model as the engine sees it, and the two tensor functions a job runs: loss with gradients, and
 * loss alone. Structural, so that any model of the contract fits and the engine knows no VAE.
 *
 * Shapes: m = examples in the micro-batch.
 *
 * inputs   `param/<name>`, `batch/<name>` [m, ...], `noise/<name>` [m, ...], `weight` [m]
 * outputs  `grad/<name>`, in the order of the parameters (gradientFunction only), and
 *          `metrics` [1 + metrics.length]: sums over the examples, times their weights, of the loss and
 *          of each metric in declared order
 *
 * The gradients are those of the weighted sum of losses; the division by the total weight happens
 * once, in the update. An example of weight 0 contributes nothing, as long as its own loss is finite:
 * 0 times infinity is not 0.
 */
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { callModel } from './callModel.ts';
import type { TensorFunction, TensorSpec } from './engine.ts';
import { EngineError } from './errors.ts';
import { checkLossResult } from './lossResult.ts';
import { disposeOpenTape } from './openTape.ts';
import { registerGradients } from './registerGradients.ts';
import { batched, tensorNamed, tensorsUnder } from './tensorNames.ts';
import { tfjs } from './tfjs.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;
type NamedTensors = Readonly<Record<string, Tensor>>;

export interface DifferentiableModel {
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly inputs: Shapes;
  readonly noise: Readonly<Record<string, { readonly shape: readonly number[] }>>;
  readonly metrics: readonly string[];
  loss(
    params: NamedTensors,
    batch: NamedTensors,
    noise: NamedTensors,
  ): { readonly loss: Tensor1D; readonly metrics: Readonly<Record<string, Tensor1D>> };
}

/** Loss and gradients: what a compute task runs. A parameter that the loss ignores has gradient 0. */
export function gradientFunction(model: DifferentiableModel, microBatch: number): TensorFunction {
  if (model.parameters.length === 0) throw noParameters(model.name);
  return {
    inputs: lossInputs(model, microBatch),
    apply(inputs) {
      const weight = tensorNamed(inputs, 'weight') as Tensor1D; // [m]
      const parameters = model.parameters.map(({ name }) => tensorNamed(inputs, `param/${name}`));
      const { metrics, grads } = backward(parameters, weight, () =>
        evaluateLosses(model, microBatch, inputs),
      );
      if (grads.every((grad) => grad === undefined)) throw noneUsed(model.name);
      const outputs: Record<string, Tensor> = {};
      model.parameters.forEach(({ name, shape }, index) => {
        outputs[`grad/${name}`] = grads[index] ?? tfjs().zeros([...shape]);
      });
      return { ...outputs, metrics };
    },
  };
}

/** Loss and metrics without gradients: what evaluation runs. */
export function lossFunction(model: DifferentiableModel, microBatch: number): TensorFunction {
  return {
    inputs: lossInputs(model, microBatch),
    apply(inputs) {
      const weight = tensorNamed(inputs, 'weight') as Tensor1D; // [m]
      return { metrics: weightedSums(evaluateLosses(model, microBatch, inputs), weight) };
    },
  };
}

function lossInputs(model: DifferentiableModel, microBatch: number): Record<string, TensorSpec> {
  const { parameters, inputs, noise } = model;
  return {
    ...Object.fromEntries(parameters.map(({ name, shape }) => [`param/${name}`, { shape }])),
    ...batched('batch', inputs, microBatch),
    ...batched('noise', shapesOf(noise), microBatch),
    weight: { shape: [microBatch] },
  };
}

const shapesOf = (noise: DifferentiableModel['noise']): Shapes =>
  Object.fromEntries(Object.entries(noise).map(([name, { shape }]) => [name, shape]));

/** The loss, then each metric in declared order; [m] each. */
function evaluateLosses(
  model: DifferentiableModel,
  microBatch: number,
  inputs: NamedTensors,
): readonly [Tensor1D, ...Tensor1D[]] {
  const names = model.parameters.map(({ name }) => name);
  const result = callModel(`loss() of model "${model.name}"`, inputs, () =>
    model.loss(
      tensorsUnder('param', names, inputs),
      tensorsUnder('batch', Object.keys(model.inputs), inputs),
      tensorsUnder('noise', Object.keys(model.noise), inputs),
    ),
  );
  return checkLossResult(result, model, microBatch);
}

/** Sum of each of `values` ([m] each) times `weight` [m]: [values.length]. */
function weightedSums(values: readonly Tensor1D[], weight: Tensor1D): Tensor1D {
  const tf = tfjs();
  return tf.sum(tf.mul(tf.stack([...values]), weight), 1);
}

/** Gradients of the weighted sum of `losses()[0]`; undefined for parameters that it ignores. */
function backward(
  parameters: Tensor[],
  weight: Tensor1D,
  losses: () => readonly [Tensor1D, ...Tensor1D[]],
): { metrics: Tensor1D; grads: readonly (Tensor | undefined)[] } {
  registerGradients();
  const tf = tfjs();
  const kept: Tensor1D[] = [];
  try {
    const { grads } = tf.engine().gradients<Tensor1D>(
      () => {
        const values = losses();
        kept.push(tf.keep(weightedSums(values, weight)));
        return values[0];
      },
      parameters,
      // As dy: the weighted sum itself need not be built. A copy, since tfjs disposes summed gradients.
      tf.clone(weight),
      true,
    );
    const metrics = tf.clone(kept[0] as Tensor1D);
    return { metrics, grads };
  } catch (error) {
    disposeOpenTape();
    throw namedGradient(error);
  } finally {
    tf.dispose(kept);
  }
}

const noParameters = (name: string): EngineError =>
  new EngineError({
    code: 'MODEL_NO_PARAMETERS',
    where: `Model "${name}"`,
    expected: 'at least one parameter to train',
    got: 'none',
    fix: "List the model's trainable tensors in `parameters`.",
  });

const noneUsed = (name: string): EngineError =>
  new EngineError({
    code: 'MODEL_NO_GRADIENT',
    where: `loss() of model "${name}"`,
    expected: 'a loss that depends on the parameters',
    got: 'one that uses none of them',
    fix: 'Compute the loss from the tensors in `params`; those made elsewhere are not trained.',
  });

/** tfjs's own words for an operation that cannot be differentiated name neither where nor what to do. */
function namedGradient(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const kernel = /gradient function not found for (\w+)/.exec(message)?.[1];
  if (kernel === undefined) return error;
  return new EngineError(
    {
      code: 'MODEL_NO_GRADIENT',
      where: 'The gradient of the loss',
      expected: 'operations that can be differentiated',
      got: `tfjs kernel "${kernel}", which has no gradient, between a parameter and the loss`,
      fix: 'Use another operation there, or give it a gradient with tf.customGrad.',
    },
    { cause: error },
  );
}
