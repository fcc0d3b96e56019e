/**
 * Precision against recall at all thresholds of a score, and average precision, the sum over the
 * thresholds n from the highest
 *
 *   AP = sum_n (R_n - R_{n-1}) P_n
 *
 * without interpolation: a straight line between two points of this curve would promise too much.
 * Davis, Goadrich: "The relationship between precision-recall and ROC curves" (2006).
 */
import type { RankedCounts } from './rankedCounts.ts';

export interface PrecisionRecallCurve {
  /** The distinct scores, descending. [T] */
  readonly thresholds: Float64Array;
  /** Of what scores at least the threshold, the share of positives. [T] */
  readonly precisions: Float64Array;
  /** Of the positives, the share that scores at least the threshold. [T] */
  readonly recalls: Float64Array;
}

export function precisionRecallCurve(ranked: RankedCounts): PrecisionRecallCurve {
  const { thresholds, truePositives, falsePositives, positives } = ranked;
  return {
    thresholds,
    precisions: truePositives.map((trues, i) => trues / (trues + (falsePositives[i] ?? 0))),
    recalls: truePositives.map((trues) => trues / positives),
  };
}

export function averagePrecision(ranked: RankedCounts): number {
  const { precisions, recalls } = precisionRecallCurve(ranked);
  let [sum, before] = [0, 0];
  recalls.forEach((recall, i) => {
    sum += (recall - before) * (precisions[i] ?? 0);
    before = recall;
  });
  return sum;
}
