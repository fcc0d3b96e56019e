/** How well scores tell the anomalies that are known from normal examples. */
import {
  averagePrecision,
  curveIntervals,
  precisionRecallCurve,
  rankedCounts,
  rocAuc,
  rocCurve,
  type Interval,
  type RankedCounts,
} from '@lockstep/core/metrics';
import type { KnownAnomalies } from './normalLabels.ts';

export interface AnomalyMeasures {
  readonly normal: number;
  readonly anomalous: number;
  /** Examples of which nothing is known, in no measure. */
  readonly unknown: number;
  /** Of the anomalous: those with a label that training knows no name for. */
  readonly unseen: number;
  /** Area under the ROC curve. */
  readonly auc: number;
  /** 95%, by bootstrap. */
  readonly aucInterval: Interval;
  readonly averagePrecision: number;
  /** 95%, of the same resamples. */
  readonly averagePrecisionInterval: Interval;
  /** At the threshold: share of the anomalies above it. */
  readonly caught?: number;
  /** At the threshold: share of the normal examples above it. */
  readonly falseAlarms?: number;
}

export interface MeasuredScores {
  readonly measures: AnomalyMeasures;
  readonly ranked: RankedCounts;
}

/** Undefined where one of the two groups is empty. */
export function measureScores(
  scores: Float64Array,
  { truth, unseen }: KnownAnomalies,
  { threshold, seed }: { readonly threshold: number | undefined; readonly seed: number },
): MeasuredScores | undefined {
  const known = scores.filter((_, i) => truth[i] !== -1);
  const positive = truth.filter((value) => value !== -1);
  const anomalous = positive.reduce((sum, value) => sum + value, 0);
  const normal = positive.length - anomalous;
  if (anomalous === 0 || normal === 0) return undefined;
  const ranked = rankedCounts(known, positive);
  const above = (group: number): number =>
    known.filter((score, i) => positive[i] === group && score > (threshold ?? Infinity)).length;
  const intervals = curveIntervals(ranked, { seed });
  const measures = {
    ...{ normal, anomalous, unknown: truth.length - positive.length, unseen },
    auc: rocAuc(ranked),
    aucInterval: intervals.auc,
    averagePrecision: averagePrecision(ranked),
    averagePrecisionInterval: intervals.averagePrecision,
    ...(threshold !== undefined && {
      caught: above(1) / anomalous,
      falseAlarms: above(0) / normal,
    }),
  };
  return { measures, ranked };
}

export function curvesOf(ranked: RankedCounts) {
  return { roc: rocCurve(ranked), precisionRecall: precisionRecallCurve(ranked) };
}
