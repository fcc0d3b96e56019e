/**
 * Receiver operating characteristic: of all thresholds on a score, the share of negatives and of
 * positives that reach it. Fawcett: "An introduction to ROC analysis" (2006).
 */
import type { RankedCounts } from './rankedCounts.ts';

export interface RocCurve {
  /** Infinity first, where nothing is called positive; then the distinct scores, descending. [T + 1] */
  readonly thresholds: Float64Array;
  /** [T + 1] */
  readonly falsePositiveRates: Float64Array;
  /** [T + 1] */
  readonly truePositiveRates: Float64Array;
}

export function rocCurve(ranked: RankedCounts): RocCurve {
  const { thresholds, positives, negatives } = ranked;
  const rates = (first: number, counts: Float64Array, all: number): Float64Array =>
    Float64Array.from({ length: counts.length + 1 }, (_, i) =>
      i === 0 ? first : (counts[i - 1] ?? 0) / all,
    );
  return {
    thresholds: rates(Infinity, thresholds, 1),
    falsePositiveRates: rates(0, ranked.falsePositives, negatives),
    truePositiveRates: rates(0, ranked.truePositives, positives),
  };
}

/**
 * The area under it: the probability that a positive scores more than a negative, ties counting half.
 * Exact: a sum of whole numbers and halves, divided once.
 */
export function rocAuc({ truePositives, falsePositives, ...all }: RankedCounts): number {
  let [area, truesBefore, falsesBefore] = [0, 0, 0];
  truePositives.forEach((trues, i) => {
    const falses = falsePositives[i] ?? 0;
    area += ((falses - falsesBefore) * (trues + truesBefore)) / 2;
    [truesBefore, falsesBefore] = [trues, falses];
  });
  return area / (all.positives * all.negatives);
}
