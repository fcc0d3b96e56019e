import { describe, expect, it } from 'vitest';
import { recordedRows } from '../testing/metricVectors.ts';
import { scoreVectors } from '../testing/scoreVectors.ts';
import { expectClose, normalValues } from '../testing/values.ts';
import { confusionMatrix, confusionScores } from './confusion.ts';
import { falsePositiveThreshold, scoresNeeded } from './falsePositiveThreshold.ts';
import { fitLinearProbe } from './linearProbe.ts';

describe('confusion: scikit-learn', () => {
  const { classes, labels, predicted, ...recorded } = scoreVectors.confusion;
  const matrix = confusionMatrix(predicted, labels, classes);

  it('has the same counts', () => {
    expect([...matrix.counts]).toEqual(recorded.counts);
  });

  it('has the same precision, recall and F1 of each class and over the classes', () => {
    const { perClass, macro, accuracy } = confusionScores(matrix);
    for (const name of ['precision', 'recall', 'f1', 'examples'] as const) {
      expectClose(
        perClass.map((scores) => scores[name]),
        recorded[name],
        1e-15,
      );
    }
    expectClose([macro.precision, macro.recall, macro.f1], recorded.macro, 1e-15);
    expect(accuracy).toBeCloseTo(recorded.accuracy, 15);
  });

  it('leaves classes out of the means that there are none of', () => {
    expect(confusionScores(confusionMatrix([0, 1], [0, 1], 5)).macro).toMatchObject({
      ...{ f1: 1, classes: 2 },
    });
  });

  it.each([-1, 4, 0.5])('refuses the class %d', (value) => {
    expect(() => confusionMatrix([0], [value], 4)).toThrow(/no class of 0 to 3/);
  });
});

it('gives the probabilities of scikit-learn', () => {
  const { rows, labels, l2, probabilities } = scoreVectors.probabilities;
  const train = recordedRows(rows);
  const probe = fitLinearProbe(train, labels, { classes: 3, l2 });
  expectClose(probe.probabilities(train).data, probabilities, 1e-4);
});

describe('the threshold for a wanted rate of false positives', () => {
  it('is the score of that place among one more', () => {
    const scores = Array.from({ length: 99 }, (_, i) => 98 - i); // 0 ... 98
    // Of 100 places, 5 lie above the 95th smallest, 94.
    expect(falsePositiveThreshold(scores, 0.05)).toEqual({
      threshold: 94,
      place: 95,
      exceeded: 4 / 99,
    });
    expect(falsePositiveThreshold(scores, 0.29).place).toBe(71);
    expect(falsePositiveThreshold(scores, 0.01).threshold).toBe(98);
  });

  it('is infinite where too few scores can tell', () => {
    expect(falsePositiveThreshold([1, 2, 3], 0.2).threshold).toBe(Infinity);
    expect(falsePositiveThreshold([1, 2, 3], 0.25).threshold).toBe(3);
  });

  it.each([0.5, 0.25, 0.1, 0.05, 0.01, 0.001, 0.3, 0.07])(
    'at a rate of %d needs as many scores as it says',
    (rate) => {
      const needed = scoresNeeded(rate);
      const scores = (n: number) => Array.from({ length: n }, (_, i) => i);
      expect(falsePositiveThreshold(scores(needed), rate).threshold).toBe(needed - 1);
      expect(falsePositiveThreshold(scores(needed - 1), rate).threshold).toBe(Infinity);
    },
  );

  it('is exceeded by new examples no more often, on average', () => {
    const [sets, n, rate] = [2000, 30, 0.1];
    let exceeded = 0;
    for (let set = 0; set < sets; set++) {
      const [...scores] = normalValues([n + 1], set);
      const next = scores.pop() ?? NaN;
      if (next > falsePositiveThreshold(scores, rate).threshold) exceeded += 1;
    }
    // floor(31 / 10) / 31 exactly, and its standard error.
    const expected = 3 / 31;
    const error = Math.sqrt((expected * (1 - expected)) / sets);
    expect(Math.abs(exceeded / sets - expected)).toBeLessThan(4 * error);
  });

  it('counts no equal scores as exceeding', () => {
    expect(falsePositiveThreshold(new Array<number>(50).fill(2), 0.1)).toMatchObject({
      threshold: 2,
      exceeded: 0,
    });
  });
});
