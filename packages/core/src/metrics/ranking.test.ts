import { describe, expect, it } from 'vitest';
import { scoreVectors } from '../testing/scoreVectors.ts';
import { ndcgAtK, recallAtK, topItems } from './ranking.ts';

describe.each(scoreVectors.ranking)('rankings: scikit-learn', ({ scores, relevant, at }) => {
  it.each(at)('at $k', ({ k, recall, ndcg }) => {
    const ranked = topItems(scores, k);
    expect(recallAtK(ranked, new Set(relevant), k)).toBeCloseTo(recall, 14);
    expect(ndcgAtK(ranked, new Set(relevant), k)).toBeCloseTo(ndcg, 13);
  });
});

describe('top items', () => {
  it('come best first, the lower index of equal ones, without what is excluded', () => {
    expect([...topItems([1, 5, 5, 3, 9], 3)]).toEqual([4, 1, 2]);
    expect([...topItems([1, 5, 5, 3, 9], 3, [4, 1])]).toEqual([2, 3, 0]);
  });

  it('are fewer where there are no more', () => {
    expect([...topItems([2, -Infinity, NaN, 1], 5, new Set([3]))]).toEqual([0]);
  });

  it('are 1 in the best order, 0 without a hit, and nothing where nothing is relevant', () => {
    expect(recallAtK([3, 1, 0, 2], new Set([1, 3]), 2)).toBe(1);
    expect(ndcgAtK([3, 1, 0, 2], new Set([1, 3]), 4)).toBeCloseTo(1, 15);
    expect(ndcgAtK([0, 2], new Set([1, 3]), 2)).toBe(0);
    expect(recallAtK([0, 2], new Set(), 2)).toBeNaN();
    expect(ndcgAtK([0, 2], new Set(), 2)).toBeNaN();
  });
});
