/**
 * The threshold on an anomaly score that new normal examples exceed with no more than a wanted
 * probability, from scores of n normal examples that nothing was trained on:
 *
 *   the k-th smallest of them, k = n + 1 - floor((n + 1) alpha)
 *
 * If the new example is exchangeable with those n, it is in each of the n + 1 places of their common
 * order with the same probability, so P(score > threshold) <= alpha, whatever the scores' distribution;
 * and it is above alpha - 1 / (n + 1) where no two scores are equal. The probability is over the held-out
 * examples too: with one set of them, the rate on endless new ones is about alpha, give or take
 * sqrt(alpha (1 - alpha) / n). The plain quantile of the n scores has no such bound.
 *
 * Vovk, Gammerman, Shafer: "Algorithmic Learning in a Random World" (2005), chapter 2; as a quantile:
 * Lei et al.: "Distribution-free predictive inference for regression" (2018), eq. 2.2.
 */

export interface FalsePositiveThreshold {
  /** What scores more is called anomalous. */
  readonly threshold: number;
  /** Its place among the scores, from 1 for the smallest; n + 1 stands for Infinity. */
  readonly place: number;
  /** Share of the held-out examples themselves that score more. */
  readonly exceeded: number;
}

/**
 * Infinity where there are too few scores: they must be at least 1 / alpha - 1 (see `scoresNeeded`).
 * @param scores of normal examples
 * @param rate alpha, in (0, 1)
 */
export function falsePositiveThreshold(
  scores: ArrayLike<number>,
  rate: number,
): FalsePositiveThreshold {
  const sorted = Float64Array.from(scores).sort();
  if (sorted.some((score) => Number.isNaN(score))) throw new RangeError('A score is no number.');
  const n = sorted.length;
  const place = n + 1 - countWithin(n + 1, rate);
  const threshold = place > n ? Infinity : (sorted[place - 1] ?? Infinity);
  return { threshold, place, exceeded: sorted.filter((score) => score > threshold).length / n };
}

/** The fewest scores of which a threshold for that rate can be had. */
export function scoresNeeded(rate: number): number {
  let needed = Math.max(0, Math.floor(1 / rate) - 2);
  while (countWithin(needed + 1, rate) < 1) needed += 1;
  return needed;
}

/** floor(count * rate); a rate such as 0.29 is a little less than it says. */
function countWithin(count: number, rate: number): number {
  return Math.floor(count * rate + 1e-9);
}
