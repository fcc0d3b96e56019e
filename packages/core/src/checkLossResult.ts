/** Checks what a model's `loss` returned against what the model declares. */
import { Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { describe } from './describe.ts';
import { ModelError } from './errors.ts';
import type { LossResult, Model } from './model.ts';
import { printShape, sameShape } from './shape.ts';

/** `instanceof Tensor` is structural in tfjs, so tensors of another copy of tfjs count too. */
function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

function checkPerExample(where: string, value: unknown, batchSize: number): Tensor1D {
  if (isTensor(value) && sameShape(value.shape, [batchSize]) && value.dtype === 'float32') {
    return value as Tensor1D;
  }
  throw new ModelError({
    code: 'MODEL_LOSS_SHAPE',
    where,
    expected: `a float32 tensor of shape [${String(batchSize)}], one value for each example`,
    got: isTensor(value)
      ? `${value.dtype} tensor of shape ${printShape(value.shape)}`
      : describe(value),
    fix: 'Reduce over all dimensions but the first, and do not average over the batch.',
  });
}

/**
 * Returns `result` as a LossResult: `loss` and every declared metric are float32 of shape
 * [batchSize], and nothing undeclared is there. Tensors are borrowed; values are not read, so it
 * works while tracing. Throws MODEL_LOSS_SHAPE, MODEL_LOSS_RESULT, MODEL_METRIC_MISSING,
 * MODEL_METRIC_UNDECLARED.
 */
export function checkLossResult(
  model: Pick<Model, 'name' | 'metrics'>,
  batchSize: number,
  result: unknown,
): LossResult {
  const where = `model "${model.name}", result of loss`;
  const isResult = typeof result === 'object' && result !== null && !isTensor(result);
  const { loss, metrics } = isResult ? (result as Record<string, unknown>) : {};
  if (loss === undefined || typeof metrics !== 'object' || metrics === null) {
    throw new ModelError({
      code: 'MODEL_LOSS_RESULT',
      where,
      expected: '{ loss, metrics }, metrics being an object that may be empty',
      got: isTensor(result) ? 'a tensor' : describe(result),
      fix: 'Return { loss: ..., metrics: { ... } }.',
    });
  }
  const checkedLoss = checkPerExample(`${where}, loss`, loss, batchSize);

  const given = metrics as Readonly<Record<string, unknown>>;
  const declared = `declared metrics: ${model.metrics.join(', ') || 'none'}`;
  const undeclared = Object.keys(given).find((name) => !model.metrics.includes(name));
  if (undeclared !== undefined) {
    throw new ModelError({
      code: 'MODEL_METRIC_UNDECLARED',
      where: `${where}, metrics`,
      expected: declared,
      got: `"${undeclared}"`,
      fix: `Add "${undeclared}" to the model's metrics, or leave it out of the result.`,
    });
  }
  const checkedMetrics = model.metrics.map((name) => {
    if (given[name] === undefined) {
      throw new ModelError({
        code: 'MODEL_METRIC_MISSING',
        where: `${where}, metrics`,
        expected: declared,
        got: `no "${name}"`,
        fix: `Return "${name}", or take it out of the model's metrics.`,
      });
    }
    return [name, checkPerExample(`${where}, metric "${name}"`, given[name], batchSize)] as const;
  });
  return { loss: checkedLoss, metrics: Object.fromEntries(checkedMetrics) };
}
