/**
 * How well a list of recommended items holds what a user turned out to like. Liang, Krishnan, Hoffman,
 * Jebara: "Variational Autoencoders for Collaborative Filtering" (2018), section 4.2:
 *
 *   Recall@k = sum_{r <= k} [item r is relevant] / min(k, relevant items)
 *   DCG@k    = sum_{r <= k} (2^[item r is relevant] - 1) / log2(r + 1)
 *   NDCG@k   = DCG@k divided by that of the best order
 *
 * Both are 1 where all relevant items come first. A user without relevant items has neither.
 */
import { portableLog } from '../math/portable.ts';
import { Smallest } from './nearest.ts';

/**
 * The items with the highest scores, the best first; of equal ones the lower index. Fewer than k where
 * the rest is excluded or scores -Infinity.
 * @param excluded items that are not to be listed, such as those the user has
 */
export function topItems(
  scores: ArrayLike<number>,
  k: number,
  excluded: Iterable<number> = [],
): Int32Array {
  const skip = new Uint8Array(scores.length);
  for (const item of excluded) skip[item] = 1;
  const best = new Smallest(k);
  for (let item = 0; item < scores.length; item++) {
    if (!skip[item]) best.add(-(scores[item] ?? NaN), item);
  }
  return best.indices.slice(0, best.found);
}

/** NaN where nothing is relevant. */
export function recallAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  let hits = 0;
  for (let r = 0; r < Math.min(k, ranked.length); r++) if (relevant.has(ranked[r] ?? -1)) hits += 1;
  return relevant.size > 0 ? hits / Math.min(k, relevant.size) : NaN;
}

/** NaN where nothing is relevant. */
export function ndcgAtK(
  ranked: ArrayLike<number>,
  relevant: ReadonlySet<number>,
  k: number,
): number {
  let gain = 0;
  for (let r = 0; r < Math.min(k, ranked.length); r++) {
    if (relevant.has(ranked[r] ?? -1)) gain += discount(r);
  }
  let best = 0;
  for (let r = 0; r < Math.min(k, relevant.size); r++) best += discount(r);
  return relevant.size > 0 ? gain / best : NaN;
}

/** 1 / log2(rank + 1), ranks from 1: of position r from 0. */
function discount(r: number): number {
  return portableLog(2) / portableLog(r + 2);
}
