/** How to read ratings. Checked before any file is opened. */
import { DataError } from '../errors.ts';
import type { RatingsFormat, RatingWeights } from './ratingsFormat.ts';

export interface RatingsOptions {
  /** Ratings below it are left out, as if they had not been given. Default: none is. */
  readonly threshold?: number;
  /** Default `one`. */
  readonly weights?: RatingWeights;
  /** Users with fewer items are left out. Default 5; with the format of a trained run 1. */
  readonly leastRatings?: number;
  /** Items that fewer users of the training part have are left out. Default 1. */
  readonly leastUsers?: number;
  /** Items that a trained run does not know: `error` (default), or `ignore`. */
  readonly unknown?: 'error' | 'ignore';
  /** Between fields. Default: what the first line has of tab, `::`, `;` and `,`. */
  readonly delimiter?: string;
  /** Whether the first line names the columns. Default: seen from it. */
  readonly header?: boolean;
  /** A column by name or number from 1. Default: by usual names, or the first, second and third. */
  readonly user?: string | number;
  readonly item?: string | number;
  readonly rating?: string | number;
}

/** Of data to train on. */
export const LEAST_RATINGS = 5;

export interface CompleteRatingsOptions extends RatingsOptions {
  readonly weights: RatingWeights;
  readonly leastRatings: number;
  readonly leastUsers: number;
  readonly unknown: 'error' | 'ignore';
}

/** Of a trained run, the format decides what a rating is. Throws DATA_OPTION. */
export function completeRatingsOptions(
  options: RatingsOptions,
  format: RatingsFormat | undefined,
): CompleteRatingsOptions {
  const { leastRatings = format ? 1 : LEAST_RATINGS, leastUsers = 1, unknown = 'error' } = options;
  const { weights = 'one', threshold } = format ?? options;
  const whole = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  requireThat('leastRatings', whole(leastRatings), 'a whole number, 1 or more', leastRatings);
  requireThat('leastUsers', whole(leastUsers), 'a whole number, 1 or more', leastUsers);
  requireThat('unknown', ['error', 'ignore'].includes(unknown), '"error" or "ignore"', unknown);
  requireThat('weights', ['one', 'rating'].includes(weights), '"one" or "rating"', weights);
  if (threshold !== undefined) {
    requireThat('threshold', Number.isFinite(threshold), 'a number', threshold);
  }
  const { delimiter } = options;
  if (delimiter !== undefined) {
    const holds = typeof delimiter === 'string' && delimiter !== '' && delimiter !== '"';
    requireThat('delimiter', holds, 'what stands between fields, such as ";"', delimiter);
  }
  const { threshold: _, ...rest } = options;
  return {
    ...rest,
    weights,
    leastRatings,
    leastUsers,
    unknown,
    ...(threshold !== undefined && { threshold }),
  };
}

function requireThat(option: string, holds: boolean, expected: string, value: unknown): void {
  if (holds) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where: `ratings, ${option}`,
    expected,
    got: JSON.stringify(value),
    fix: 'Correct it, or leave it out for the default.',
  });
}
