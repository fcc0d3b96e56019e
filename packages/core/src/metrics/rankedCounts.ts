/**
 * Scores of two groups in order: for each threshold, how many of each group score at least that. What
 * ROC and precision-recall curves are drawn from. Equal scores are one threshold, so ties cost nothing.
 */

export interface RankedCounts {
  /** The distinct scores, the highest first. [T] */
  readonly thresholds: Float64Array;
  /** Positives whose score is at least the threshold. [T] */
  readonly truePositives: Float64Array;
  /** Negatives whose score is at least the threshold. [T] */
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * @param positive of each score, whether it belongs to the positives: true or not 0
 * @throws RangeError where a score is NaN, or a group is empty
 */
export function rankedCounts(
  scores: ArrayLike<number>,
  positive: ArrayLike<number | boolean>,
): RankedCounts {
  if (scores.length !== positive.length) {
    throw new RangeError(`${String(scores.length)} scores of ${String(positive.length)} examples.`);
  }
  const order = descending(scores);
  const [thresholds, truePositives, falsePositives]: [number[], number[], number[]] = [[], [], []];
  let [above, wrong] = [0, 0];
  order.forEach((index, at) => {
    if (positive[index]) above += 1;
    else wrong += 1;
    const score = scores[index] ?? NaN;
    const next = order[at + 1];
    if (next !== undefined && scores[next] === score) return;
    thresholds.push(score);
    truePositives.push(above);
    falsePositives.push(wrong);
  });
  if (above === 0 || wrong === 0) {
    throw new RangeError('Two groups are compared, and one of them has no examples.');
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    positives: above,
    negatives: wrong,
  };
}

/** Indices of the values from the largest to the smallest; of equal ones the first comes first. */
export function descending(values: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i] ?? NaN)) throw new RangeError(`Value ${String(i)} is no number.`);
    order[i] = i;
  }
  return order.sort((a, b) => {
    const [x, y] = [values[a] ?? 0, values[b] ?? 0];
    // Infinities do not subtract.
    if (x !== y) return x > y ? -1 : 1;
    return a - b;
  });
}
