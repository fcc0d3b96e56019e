/**
 * Byte-pair encoding, trained: beginning with single characters, the most frequent pair of neighbouring
 * tokens becomes a token, again and again. Sennrich, Haddow, Birch: "Neural Machine Translation of Rare
 * Words with Subword Units" (2016), algorithm 1. Of pairs that are equally frequent the one of the lower
 * numbers is merged, so the same text gives the same vocabulary everywhere.
 */
import { UNKNOWN_TOKEN } from './textFormat.ts';
import { PairQueue } from './pairQueue.ts';

export type Merge = readonly [left: number, right: number];

export interface WordCount {
  /** Tokens of the word so far; changed in place. */
  tokens: number[];
  readonly count: number;
}

/** Two tokens, each below 65536, as one number. */
export const pairKey = (left: number, right: number): number => left * 65536 + right;

/** At most `most` merges; the first makes token `firstToken`. Pairs that occur once are left alone. */
export function trainMerges(
  words: readonly WordCount[],
  firstToken: number,
  most: number,
): readonly Merge[] {
  const counts = new Map<number, number>();
  const wordsWith = new Map<number, Set<number>>();
  const addPairs = (index: number, sign: 1 | -1, touched: Set<number>): void => {
    const { tokens, count } = words[index] as WordCount;
    for (let i = 1; i < tokens.length; i++) {
      const [left = 0, right = 0] = [tokens[i - 1], tokens[i]];
      if (left === UNKNOWN_TOKEN || right === UNKNOWN_TOKEN) continue;
      const key = pairKey(left, right);
      counts.set(key, (counts.get(key) ?? 0) + sign * count);
      touched.add(key);
      if (sign < 0) continue;
      const holders = wordsWith.get(key);
      if (holders) holders.add(index);
      else wordsWith.set(key, new Set([index]));
    }
  };

  const queue = new PairQueue();
  const touched = new Set<number>();
  words.forEach((_, index) => addPairs(index, 1, touched));
  for (const key of touched) queue.push(key, counts.get(key) ?? 0);

  const merges: Merge[] = [];
  while (merges.length < most) {
    const best = queue.pop(counts);
    if (best === undefined || (counts.get(best) ?? 0) < 2) break;
    const merge: Merge = [Math.floor(best / 65536), best % 65536];
    const token = firstToken + merges.length;
    merges.push(merge);
    touched.clear();
    for (const index of wordsWith.get(best) ?? []) {
      const word = words[index] as WordCount;
      addPairs(index, -1, touched);
      word.tokens = mergePair(word.tokens, merge, token);
      addPairs(index, 1, touched);
    }
    wordsWith.delete(best);
    counts.delete(best);
    for (const key of touched) {
      const count = counts.get(key) ?? 0;
      if (count > 0) queue.push(key, count);
    }
  }
  return merges;
}

/** `tokens` with the pair replaced wherever it stands, from the left. */
export function mergePair(
  tokens: readonly number[],
  [left, right]: Merge,
  token: number,
): number[] {
  const merged: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === left && tokens[i + 1] === right) {
      merged.push(token);
      i++;
    } else {
      merged.push(tokens[i] ?? 0);
    }
  }
  return merged;
}
