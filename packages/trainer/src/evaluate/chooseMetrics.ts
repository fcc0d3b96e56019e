/** Which metrics to compute. What is wrong with the choice is found before anything is computed. */
import { suggestion } from '../config/suggest.ts';
import { ConfigError, RunError } from '../errors.ts';
import type { Metric, MetricInputs } from './metric.ts';
import { allMetrics } from './metrics/allMetrics.ts';

export interface MetricRequest {
  /** `all`, or names. */
  readonly metrics: 'all' | readonly string[];
  /** Importance samples, k. Default 100. */
  readonly samples?: number;
}

export interface SkippedMetric {
  readonly metric: string;
  /** In a sentence. */
  readonly reason: string;
}

export const DEFAULT_SAMPLES = 100;

/** @throws ConfigError where a name or number cannot be meant */
export function requestedMetrics(request: MetricRequest): readonly Metric[] {
  const { samples } = request;
  const requested = namedMetrics(request);
  if (samples !== undefined && !(Number.isSafeInteger(samples) && samples >= 1)) {
    throw new ConfigError({
      code: 'CONFIG_SAMPLES',
      where: '--samples',
      expected: 'a whole number of at least 1',
      got: String(samples),
      fix: 'Draw at least one importance sample of each example.',
    });
  }
  if (samples !== undefined && !requested.some(({ drawsSamples }) => drawsSamples)) {
    throw new ConfigError({
      code: 'CONFIG_SAMPLES',
      where: '--samples',
      expected: '--metrics iw-nll, bpd or bpc beside it',
      got: requested.map(({ name }) => name).join(', '),
      fix: 'Leave it out, or name a metric that draws importance samples.',
    });
  }
  return requested;
}

function namedMetrics({ metrics }: MetricRequest): readonly Metric[] {
  if (metrics === 'all') return allMetrics;
  const names = allMetrics.map(({ name }) => name);
  const unknown = metrics.find((name) => !names.includes(name));
  if (unknown !== undefined || metrics.length === 0) {
    throw new ConfigError({
      code: 'CONFIG_UNKNOWN_METRIC',
      where: '--metrics',
      expected: `all, or names of metrics with commas between`,
      got: unknown === undefined ? 'none' : JSON.stringify(unknown),
      fix: unknown === undefined ? `Choose from ${names.join(', ')}.` : suggestion(unknown, names),
    });
  }
  return allMetrics.filter(({ name }) => metrics.includes(name));
}

/**
 * Metrics that were named must be possible; of `all`, those that are not are skipped.
 * @throws RunError
 */
export function possibleMetrics(
  requested: readonly Metric[],
  request: MetricRequest,
  inputs: MetricInputs,
): { readonly chosen: readonly Metric[]; readonly skipped: readonly SkippedMetric[] } {
  const chosen: Metric[] = [];
  const skipped: SkippedMetric[] = [];
  for (const metric of requested) {
    const lack = metric.lacks(inputs);
    if (!lack) {
      chosen.push(metric);
    } else if (request.metrics === 'all') {
      skipped.push({ metric: metric.name, reason: `needs ${lack.expected}; got ${lack.got}` });
    } else {
      throw new RunError({ code: 'RUN_METRIC', where: `metric ${metric.name}`, ...lack });
    }
  }
  return { chosen, skipped };
}
