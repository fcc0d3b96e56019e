import { expect, it } from 'vitest';
import { mergePair, trainMerges, type Merge } from './bytePairs.ts';
import { commonCharacters, countCharacters, characterCount } from './characterCounts.ts';
import { wordsOf } from './words.ts';

const base = 97;
const tokensOf = (word: string): number[] => Array.from(word, (each) => each.charCodeAt(0));

/** Algorithm 1 as it stands in the paper: all pairs are counted anew for each merge. */
function slowly(words: Map<string, number>, first: number, most: number): Merge[] {
  const all = Array.from(words, ([word, count]) => ({ tokens: tokensOf(word), count }));
  const merges: Merge[] = [];
  while (merges.length < most) {
    const counts = new Map<string, number>();
    for (const { tokens, count } of all) {
      for (let i = 1; i < tokens.length; i++) {
        const key = `${tokens[i - 1] ?? ''},${tokens[i] ?? ''}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    const ranked = Array.from(counts, ([key, count]) => ({
      pair: key.split(',').map(Number) as [number, number],
      count,
    })).sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    const best = ranked[0];
    if (best === undefined || best.count < 2) break;
    for (const word of all) word.tokens = mergePair(word.tokens, best.pair, first + merges.length);
    merges.push(best.pair);
  }
  return merges;
}

const train = (words: Map<string, number>, first: number, most: number): readonly Merge[] =>
  trainMerges(
    Array.from(words, ([word, count]) => ({ tokens: tokensOf(word), count })),
    first,
    most,
  );

it("merges as in the paper's example", () => {
  // low 5, lower 2, newest 6, widest 3: "es" and "est" come first.
  const words = new Map([
    ['low', 5],
    ['lower', 2],
    ['newest', 6],
    ['widest', 3],
  ]);
  const merges = train(words, 200, 4);
  expect(merges).toEqual([tokensOf('es'), [200, 116], tokensOf('lo'), [202, 119]]);
});

it('merges as the slow algorithm does', () => {
  // A linear congruential generator: words of a, b and c, with runs that overlap themselves.
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % below;
  };
  for (let round = 0; round < 20; round++) {
    const words = new Map<string, number>();
    for (let i = 0; i < 30; i++) {
      const word = Array.from({ length: 1 + next(9) }, () =>
        String.fromCharCode(base + next(3)),
      ).join('');
      words.set(word, (words.get(word) ?? 0) + 1 + next(4));
    }
    expect(train(words, 200, 25)).toEqual(slowly(words, 200, 25));
  }
});

it('words put together are the text', () => {
  const text = "  We'll go, 3 o'clock:\n\tnaïve 漢字 😀!  ";
  expect(wordsOf(text).join('')).toBe(text);
  expect(wordsOf('to be, 42')).toEqual(['to', ' be', ',', ' 42']);
});

it('counts characters, not units of UTF-16', () => {
  expect(characterCount('a😀b')).toBe(3);
  const counts = new Map<number, number>();
  countCharacters('b😀a😀', counts);
  expect(commonCharacters(counts, 2)).toEqual(['a', '😀']);
});
