/** Computes metrics one after another; what they share is computed once. */
import { RunError } from '../errors.ts';
import type { Metric } from './metric.ts';
import { MetricContext, type MetricContextOptions } from './metricContext.ts';

/** @throws RunError where a metric comes out as no finite number */
export async function computeMetrics(
  metrics: readonly Metric[],
  options: MetricContextOptions,
): Promise<Record<string, Readonly<Record<string, number>>>> {
  const context = new MetricContext(options);
  const computed: Record<string, Readonly<Record<string, number>>> = {};
  for (const metric of metrics) {
    options.progress.begin(metric.name);
    const values = await metric.compute(context);
    const bad = Object.entries(values).find(([, value]) => !Number.isFinite(value));
    if (bad) throw notFinite(metric.name, bad);
    computed[metric.name] = values;
  }
  return computed;
}

function notFinite(metric: string, [name, value]: readonly [string, number]): RunError {
  return new RunError({
    code: 'RUN_NOT_FINITE',
    where: `metric ${metric}`,
    expected: `a finite ${name}`,
    got: String(value),
    fix: 'Evaluate an earlier checkpoint, or leave the metric out.',
  });
}
