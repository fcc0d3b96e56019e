/**
 * How far up the items come that a user has and the model is not shown, as Liang, Krishnan, Hoffman, Jebara:
 * "Variational Autoencoders for Collaborative Filtering" (2018), section 4, judge it: of each user's items a
 * fifth is hidden. Beside it the same of popularity, which is one list for everybody.
 */
import { ndcgAtK, recallAtK, topItems } from '@lockstep/core/metrics';
import { rowItems, rowPieces, splitItems } from '@lockstep/data/ratings';
import type { RatingRows, RowsPiece } from '@lockstep/data/ratings';
import { RunError } from '../errors.ts';
import type { MapOptions } from '../rows/mapRows.ts';

/** Means over users: 1 where all hidden items come first. */
export interface RankingMeasures {
  readonly recall20: number;
  readonly recall50: number;
  readonly ndcg100: number;
}

export interface Ranking {
  /** Those of whom an item could be hidden. */
  readonly users: number;
  /** Most items that one of them does not have: recall at as many is 1, whatever their order. */
  readonly candidates: number;
  readonly model: RankingMeasures;
  /** Of items by how many users of the training part have them. */
  readonly popularity: RankingMeasures;
}

/** `row`: of the piece, whose scores are the first. */
export type TakeScores = (row: number, scores: readonly Float32Array[]) => void | Promise<void>;

export interface RankingOptions {
  /** For messages. */
  readonly where: string;
  /** How many users of the training part have each item. [items] */
  readonly popularity: Float64Array;
  /** The scores of all items for the users of these rows, some at a time. */
  eachUser(rows: RowsPiece, take: TakeScores): Promise<void>;
}

/** Bytes of scores that are kept at a time. */
const PIECE_BYTES = 64 * 2 ** 20;

/** @throws RunError where nobody has two items */
export async function judgeRanking(
  ratings: RatingRows,
  { where, popularity, eachUser }: RankingOptions,
): Promise<Ranking> {
  const [model, baseline] = [new Means(), new Means()];
  let candidates = 0;
  for await (const { first, rows } of rowPieces(ratings)) {
    const { foldIn, heldOut } = splitItems(rows, { first });
    await eachUser({ first, rows: foldIn }, (row, scores) => {
      scores.forEach((values, i) => {
        const [shown, hidden] = [rowItems(foldIn, row + i), rowItems(heldOut, row + i)];
        if (hidden.length === 0) return;
        candidates = Math.max(candidates, values.length - shown.length);
        const relevant = new Set(hidden);
        model.add(topItems(values, 100, shown), relevant);
        baseline.add(topItems(popularity, 100, shown), relevant);
      });
    });
  }
  if (model.users === 0) throw nothingHidden(where);
  return {
    ...{ users: model.users, candidates },
    ...{ model: model.measures, popularity: baseline.measures },
  };
}

/** How many users have each of so many items. [items] */
export async function itemCounts(users: RatingRows, items: number): Promise<Float64Array> {
  const counts = new Float64Array(items);
  for await (const { rows } of rowPieces(users)) {
    for (const item of rows.places) counts[item] = (counts[item] ?? 0) + 1;
  }
  return counts;
}

/** How to map the function `scores` over users. */
export function scorePieces(
  items: number,
  take: TakeScores,
): Pick<MapOptions, 'pieceRows' | 'onRows'> {
  return {
    pieceRows: Math.max(1, Math.floor(PIECE_BYTES / (4 * items))),
    onRows: ({ scores }, { first, count }) => {
      if (!scores) throw new Error('no scores');
      const all = Float32Array.from(scores.data);
      const user = (i: number): Float32Array => all.subarray(i * items, (i + 1) * items);
      return take(
        first,
        Array.from({ length: count }, (_, i) => user(i)),
      );
    },
  };
}

class Means {
  readonly #sums = [0, 0, 0];
  users = 0;

  add(ranked: Int32Array, relevant: ReadonlySet<number>): void {
    this.users += 1;
    const values = [
      recallAtK(ranked, relevant, 20),
      recallAtK(ranked, relevant, 50),
      ndcgAtK(ranked, relevant, 100),
    ];
    values.forEach((value, i) => (this.#sums[i] = (this.#sums[i] ?? 0) + value));
  }

  get measures(): RankingMeasures {
    const [recall20 = 0, recall50 = 0, ndcg100 = 0] = this.#sums.map((sum) => sum / this.users);
    return { recall20, recall50, ndcg100 };
  }
}

function nothingHidden(source: string): RunError {
  return new RunError({
    code: 'RUN_NO_RELEVANT_ITEMS',
    where: source,
    expected: 'users with two items or more, of which some can be hidden',
    got: 'none',
    fix: 'Use data with more ratings, or leave this measure out.',
  });
}
