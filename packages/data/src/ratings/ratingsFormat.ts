/**
 * How ratings were read: plain JSON, kept with a trained model, so that the ratings of other users can be
 * read alike and places in `x` turned into items again.
 *
 * An example is a user; `x` has a value for each item, 0 where she has not chosen it. In memory there are
 * only those that she has: the layout of `sparse` in valueType.ts. Row offsets come first (one a user, and
 * the end), then the items of all users, ascending for each, then their weights.
 */
export interface RatingsFormat {
  readonly kind: 'ratings';
  /** Names, in the order of `x`. */
  readonly items: readonly string[];
  /** Lower ratings were left out. */
  readonly threshold?: number;
  /** What stands in `x` for an item that was chosen. */
  readonly weights: RatingWeights;
}

/** `one`: 1, whatever the rating. `rating`: the rating itself. */
export type RatingWeights = 'one' | 'rating';
