import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreVectors } from '../testing/scoreVectors.ts';
import { expectClose, normalValues } from '../testing/values.ts';
import { curveIntervals } from './curveIntervals.ts';
import { averagePrecision, precisionRecallCurve } from './precisionRecallCurve.ts';
import { rankedCounts } from './rankedCounts.ts';
import { rocAuc, rocCurve } from './rocCurve.ts';

describe.each(scoreVectors.curves)('curves of scores: scikit-learn', (recorded) => {
  const ranked = rankedCounts(recorded.scores, recorded.positive);

  it('has the same ROC curve and area', () => {
    const curve = rocCurve(ranked);
    expect(curve.thresholds[0]).toBe(Infinity);
    expect([...curve.thresholds.subarray(1)]).toEqual(recorded.thresholds);
    expectClose(curve.falsePositiveRates, recorded.falsePositiveRates, 1e-15);
    expectClose(curve.truePositiveRates, recorded.truePositiveRates, 1e-15);
    expect(rocAuc(ranked)).toBeCloseTo(recorded.auc, 13);
  });

  it('has the same precisions, recalls and average precision', () => {
    const { precisions, recalls } = precisionRecallCurve(ranked);
    // scikit-learn's curve may end where all positives are found.
    const length = recorded.recalls.length;
    expectClose(precisions.subarray(0, length), recorded.precisions, 1e-15);
    expectClose(recalls.subarray(0, length), recorded.recalls, 1e-15);
    expect(averagePrecision(ranked)).toBeCloseTo(recorded.averagePrecision, 13);
  });

  it("has an interval as wide as DeLong's, around the area", () => {
    const { low, high } = curveIntervals(ranked, { seed: 1 }).auc;
    expect(low).toBeLessThan(recorded.auc);
    expect(high).toBeGreaterThan(recorded.auc);
    const expected = 2 * 1.959964 * recorded.delongDeviation;
    expect((high - low) / expected).toBeGreaterThan(0.9);
    expect((high - low) / expected).toBeLessThan(1.1);
  });
});

describe('the area under the ROC curve', () => {
  it.each([
    ['of groups apart', [0, 1, 2, 3], [0, 0, 1, 1], 1],
    ['of groups apart the other way', [3, 2, 1, 0], [0, 0, 1, 1], 0],
    ['of equal scores', [7, 7, 7], [0, 1, 0], 0.5],
    ['with a tie', [1, 2, 2, 3], [0, 0, 1, 1], 3.5 / 4],
    ['with infinite scores', [-Infinity, 0, Infinity, Infinity], [0, 0, 0, 1], 2.5 / 3],
  ])('%s', (_, scores, positive, expected) => {
    expect(rocAuc(rankedCounts(scores, positive))).toBe(expected);
  });

  it('is the share of pairs in the right order, ties half', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(pair, { minLength: 2, maxLength: 40 }), (pairs) => {
        const groups = [true, false].map((group) =>
          pairs.filter(([, positive]) => positive === group).map(([score]) => score),
        ) as [number[], number[]];
        fc.pre(groups.every((group) => group.length > 0));
        const wins = groups[0].flatMap((x) =>
          groups[1].map((y) => (x > y ? 1 : x === y ? 0.5 : 0)),
        );
        const ranked = rankedCounts(
          pairs.map(([score]) => score),
          pairs.map(([, positive]) => positive),
        );
        expect(rocAuc(ranked)).toBeCloseTo(
          wins.reduce((sum: number, win) => sum + win, 0) / wins.length,
          12,
        );
      }),
    );
  });

  it.each([
    ['a group without examples', [1, 2], [1, 1], /no examples/],
    ['a score that is no number', [1, NaN], [0, 1], /no number/],
    ['another number of labels', [1, 2], [0], /2 scores of 1/],
  ])('refuses %s', (_, scores, positive, message) => {
    expect(() => rankedCounts(scores, positive)).toThrow(message);
  });
});

describe('the bootstrap interval', () => {
  const [recorded] = scoreVectors.curves;
  const ranked = rankedCounts(recorded!.scores, recorded!.positive);

  it('is one for each seed', () => {
    const three = curveIntervals(ranked, { seed: 3 });
    expect(curveIntervals(ranked, { seed: 3 })).toEqual(three);
    const four = curveIntervals(ranked, { seed: 4 });
    expect(four.auc).not.toEqual(three.auc);
    expect(four.averagePrecision).not.toEqual(three.averagePrecision);
  });

  it('of groups apart is a point', () => {
    const apart = rankedCounts([0, 1, 2, 3], [0, 0, 1, 1]);
    const point = { low: 1, high: 1 };
    expect(curveIntervals(apart, { seed: 0, resamples: 50 })).toEqual({
      auc: point,
      averagePrecision: point,
    });
  });

  it('is narrower at a lower level', () => {
    const [wide, narrow] = [0.99, 0.5].map((level) => curveIntervals(ranked, { seed: 0, level }));
    for (const name of ['auc', 'averagePrecision'] as const) {
      const width = (of: typeof wide) => of![name].high - of![name].low;
      expect(width(narrow)).toBeLessThan(width(wide) / 2);
    }
  });

  it('of average precision is as wide as the figures of other samples spread', () => {
    const [positives, negatives] = [150, 250];
    const positive = Array.from({ length: positives + negatives }, (_, i) => i < positives);
    const sample = (number: number) =>
      rankedCounts(
        [...normalValues([positives + negatives], number)].map((u, i) => u + Number(positive[i])),
        positive,
      );
    const figures = Array.from({ length: 400 }, (_, i) => averagePrecision(sample(i)));
    const mean = figures.reduce((sum, value) => sum + value, 0) / figures.length;
    const square = figures.reduce((sum, value) => sum + (value - mean) ** 2, 0) / figures.length;
    const widths = Array.from({ length: 10 }, (_, i) => {
      const { low, high } = curveIntervals(sample(i), { seed: i }).averagePrecision;
      expect(low).toBeLessThan(figures[i]!);
      expect(high).toBeGreaterThan(figures[i]!);
      return high - low;
    });
    const width = widths.reduce((sum, value) => sum + value, 0) / widths.length;
    expect(width / (2 * 1.959964 * Math.sqrt(square))).toBeGreaterThan(0.88);
    expect(width / (2 * 1.959964 * Math.sqrt(square))).toBeLessThan(1.12);
  });
});
