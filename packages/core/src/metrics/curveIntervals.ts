/**
 * Bootstrap intervals of the area under the ROC curve and of average precision: positives and negatives are
 * drawn anew, with replacement and each group as many as there are, and an interval lies between two quantiles
 * of the resamples' figures. Efron, Tibshirani: "An Introduction to the Bootstrap" (1993), chapter 13 (percentile interval).
 *
 * The draws are a function of the seed and the resample's index, so the intervals are one, everywhere.
 * The work is resamples x examples: some ten seconds for a thousand resamples of a million examples.
 */
import { purposeCode, seedKey } from '../random/counter.ts';
import { philox4x32, type PhiloxBlock, type PhiloxKey } from '../random/philox.ts';
import { quantile } from './quantile.ts';
import type { RankedCounts } from './rankedCounts.ts';

export interface IntervalOptions {
  readonly seed: number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Probability that the interval is to hold; default 0.95. */
  readonly level?: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface CurveIntervals {
  /** Of the area under the ROC curve. */
  readonly auc: Interval;
  readonly averagePrecision: Interval;
}

/** Apart from those of the other metrics that draw. */
const STREAM = 40;

export function curveIntervals(
  ranked: RankedCounts,
  { seed, resamples = 1000, level = 0.95 }: IntervalOptions,
): CurveIntervals {
  const { positives, negatives } = ranked;
  const truth = thresholdOfEach(ranked.truePositives);
  const falses = thresholdOfEach(ranked.falsePositives);
  const drawnPositives = new Float64Array(ranked.thresholds.length);
  const drawnNegatives = new Float64Array(ranked.thresholds.length);
  const key = seedKey(seed);
  const areas = new Float64Array(resamples);
  const precisions = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    drawInto(drawnPositives, truth, { key, resample, group: 0 });
    drawInto(drawnNegatives, falses, { key, resample, group: 1 });
    let [area, precision, above, wrong] = [0, 0, 0, 0];
    for (let t = 0; t < drawnPositives.length; t++) {
      const [here, wrongHere] = [drawnPositives[t] ?? 0, drawnNegatives[t] ?? 0];
      area += wrongHere * (above + here / 2);
      above += here;
      wrong += wrongHere;
      if (here > 0) precision += (here * above) / (above + wrong);
    }
    areas[resample] = area / (positives * negatives);
    precisions[resample] = precision / positives;
  }
  const tail = (1 - level) / 2;
  const between = (figures: Float64Array): Interval => {
    const sorted = figures.sort();
    return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
  };
  return { auc: between(areas), averagePrecision: between(precisions) };
}

/** From counts that grow: for each example of the group, the index of its threshold. */
function thresholdOfEach(counts: Float64Array): Uint32Array {
  const indices = new Uint32Array(counts[counts.length - 1] ?? 0);
  counts.forEach((count, t) => indices.fill(t, counts[t - 1] ?? 0, count));
  return indices;
}

interface Resample {
  readonly key: PhiloxKey;
  readonly resample: number;
  readonly group: 0 | 1;
}

/** How often each threshold is drawn. */
function drawInto(
  drawn: Float64Array,
  thresholds: Uint32Array,
  { key, resample, group }: Resample,
): void {
  drawn.fill(0);
  const counter: PhiloxBlock = [0, resample, group, purposeCode('sampling', STREAM)];
  const words: PhiloxBlock = [0, 0, 0, 0];
  const { length } = thresholds;
  for (let i = 0; i < length; i++) {
    const lane = i % 4;
    if (lane === 0) {
      counter[0] = i / 4;
      philox4x32(counter, key, words);
    }
    // A word is below 2^32: the product is below `length`.
    const t = thresholds[Math.floor(((words[lane] ?? 0) / 4294967296) * length)] ?? 0;
    drawn[t] = (drawn[t] ?? 0) + 1;
  }
}
