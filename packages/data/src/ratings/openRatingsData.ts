/** Ratings by a path, with the settings that a user gives by name. */
import { readSettings } from '../readSettings.ts';
import type { OpenKind } from '../sources/openedPath.ts';
import { openRatings } from './openRatings.ts';
import { LEAST_RATINGS, type RatingsOptions } from './ratingsOptions.ts';

const SETTINGS: readonly (keyof RatingsOptions)[] = [
  'threshold',
  'weights',
  'leastRatings',
  'leastUsers',
  'unknown',
  'delimiter',
  'header',
  'user',
  'item',
  'rating',
];

export const openRatingsData: OpenKind = async (path, { options, format, isOwn, spooling }) => {
  const read = readSettings<RatingsOptions>('ratings', options.read, SETTINGS);
  const asThen = isOwn && { leastRatings: LEAST_RATINGS, unknown: 'ignore' as const };
  const trained = format?.kind === 'ratings' && { format };
  const { memoryLimit } = options;
  const limit = memoryLimit !== undefined && { memoryLimit };
  return {
    train: await openRatings(path, { ...asThen, ...read, ...trained, ...limit, ...spooling }),
  };
};
