/** What a model's `loss` gave back, checked where it comes in. */
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { EngineError } from './errors.ts';
import { describeValue, isTensor } from './tensorFunctionOutputs.ts';

interface LossModel {
  readonly name: string;
  readonly metrics: readonly string[];
}

/** The loss, then each metric in declared order; [m] each. */
export function checkLossResult(
  result: unknown,
  model: LossModel,
  microBatch: number,
): readonly [Tensor1D, ...Tensor1D[]] {
  const where = `loss() of model "${model.name}"`;
  const { loss, metrics } = fields(result, where);
  if (!isPerExample(loss, microBatch)) throw lossShape(where, loss, microBatch);
  checkMetricNames(where, model.metrics, metrics);
  const values = model.metrics.map((name) => {
    const metric = metrics[name];
    if (isPerExample(metric, microBatch)) return metric;
    throw lossShape(`Metric "${name}" of model "${model.name}"`, metric, microBatch);
  });
  return [loss, ...values];
}

function fields(
  result: unknown,
  where: string,
): { loss: unknown; metrics: Record<string, unknown> } {
  const { loss, metrics } = (result ?? {}) as { loss?: unknown; metrics?: unknown };
  if (loss !== undefined && typeof metrics === 'object' && metrics !== null) {
    return { loss, metrics: metrics as Record<string, unknown> };
  }
  throw new EngineError({
    code: 'MODEL_LOSS_RESULT',
    where,
    expected: '{ loss, metrics }',
    got: loss === undefined ? describeValue(result) : `metrics: ${describeValue(metrics)}`,
    fix:
      result instanceof Promise
        ? 'A model is a pure, synchronous function: make loss() a plain function, not async.'
        : 'Return one loss for each example and, by name, the metrics that the model declares.',
  });
}

const isPerExample = (value: unknown, microBatch: number): value is Tensor1D =>
  isTensor(value) &&
  value.dtype === 'float32' &&
  value.shape.length === 1 &&
  value.shape[0] === microBatch;

function lossShape(where: string, value: unknown, microBatch: number): EngineError {
  return new EngineError({
    code: 'MODEL_LOSS_SHAPE',
    where,
    expected: `one value for each example: a tensor [${microBatch}] of float32`,
    got: describeValue(value),
    fix: lossShapeFix(value, microBatch),
  });
}

function lossShapeFix(value: unknown, microBatch: number): string {
  if (!isTensor(value)) return 'Return a tensor.';
  if (value.dtype !== 'float32') return 'Cast it: tf.cast(x, "float32").';
  if (value.shape.length === 0) {
    return 'Do not sum or average over the batch (dimension 0); sum over the other dimensions only.';
  }
  if (value.shape[0] === microBatch) {
    return 'Sum over all dimensions but the first, or drop them with tf.squeeze.';
  }
  return 'Keep the batch as the first dimension and sum over all others.';
}

function checkMetricNames(
  where: string,
  declared: readonly string[],
  metrics: Readonly<Record<string, unknown>>,
): void {
  const returned = Object.keys(metrics);
  const missing = declared.filter((name) => !returned.includes(name));
  const extra = returned.filter((name) => !declared.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const list = (names: readonly string[]): string => names.join(', ') || 'none';
  throw new EngineError({
    code: 'MODEL_METRICS',
    where,
    expected: `exactly the metrics that the model declares (${list(declared)})`,
    got: list(returned),
    fix: [
      ...(missing.length > 0 ? [`Return ${list(missing)}.`] : []),
      ...(extra.length > 0 ? [`Add ${list(extra)} to the model's \`metrics\`.`] : []),
    ].join(' '),
  });
}
