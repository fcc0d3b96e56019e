/**
 * Ratings as examples, one a user: from a file of user, item and, if it has them, rating and time (which
 * is not read), in CSV, plain or gzip. Which items there are is what the training part has; what others
 * have beside is left out.
 */
import { ratingsError } from './ratingRows.ts';
import type { RatingsFormat } from './ratingsFormat.ts';
import { completeRatingsOptions, type RatingsOptions } from './ratingsOptions.ts';
import { readRatings, type Ratings } from './readRatings.ts';
import { entriesAt, renamePlaces, rowItems, writeRows, type SparseRows } from './sparseRows.ts';

export interface OpenRatingsOptions extends RatingsOptions {
  /** Of a trained run: its items, and what a rating is, whatever the options say. */
  readonly format?: RatingsFormat;
}

/** A file whose users have been counted. */
export interface OpenedRatings {
  readonly where: string;
  readonly count: number;
  readonly labels: undefined;
  /** The source with the format given, or with the items of the users at these positions (default: all). */
  fit(train: Uint32Array | undefined): Promise<RatingsSource>;
}

export interface RatingsSource {
  readonly where: string;
  /** [items] */
  readonly shape: readonly number[];
  /** Users. */
  readonly count: number;
  readonly valueType: 'sparse';
  readonly labels: undefined;
  readonly format: RatingsFormat;
  /** How many ratings the users at `positions` have, or all. */
  entries(positions: Uint32Array | undefined): number;
  /** Offsets, items and weights of the users at `positions` (undefined: all): valueType.ts, `sparse`. */
  read(target: Uint8Array, positions: Uint32Array | undefined): Promise<void>;
  /** Names, in the order of the examples. */
  readonly users: readonly string[];
  readonly rows: SparseRows;
  /** Ratings of items that the training part does not have; they are not among the rows. */
  readonly leftOut: number;
}

/** Throws DataError. */
export async function openRatings(
  path: string,
  { format, ...options }: OpenRatingsOptions = {},
): Promise<OpenedRatings> {
  const complete = completeRatingsOptions(options, format);
  const ratings = await readRatings(path, complete);
  return {
    where: path,
    count: ratings.users.length,
    labels: undefined,
    fit: async (train) => {
      if (format) {
        if (complete.unknown === 'error') refuseUnknown(path, ratings, format);
        return ratingsSource(path, ratings, format);
      }
      const items = itemsOf(ratings, train, complete.leastUsers);
      if (items.length === 0) {
        const expected = `items that ${complete.leastUsers} users of the training part have`;
        throw ratingsError('DATA_EMPTY', path, expected, 'none', 'Lower leastUsers.');
      }
      const { weights, threshold } = complete;
      return ratingsSource(path, ratings, {
        kind: 'ratings',
        items,
        weights,
        ...(threshold !== undefined && { threshold }),
      });
    },
  };
}

/** Names of items that enough of these users have, in the order of the file. */
function itemsOf(
  { items, rows }: Ratings,
  train: Uint32Array | undefined,
  leastUsers: number,
): string[] {
  const users = new Uint32Array(items.length);
  const count = train?.length ?? rows.offsets.length - 1;
  for (let i = 0; i < count; i++) {
    for (const item of rowItems(rows, train ? (train[i] ?? 0) : i)) {
      users[item] = (users[item] ?? 0) + 1;
    }
  }
  return items.filter((_, item) => (users[item] ?? 0) >= leastUsers);
}

function refuseUnknown(path: string, { items, itemLines, rows }: Ratings, format: RatingsFormat) {
  const known = new Set(format.items);
  // An item may stand in the file for users alone who were left out.
  const chosen = new Set(rows.places);
  const item = items.findIndex((name, at) => !known.has(name) && chosen.has(at));
  if (item < 0) return;
  throw ratingsError(
    'DATA_RATINGS_ITEM',
    `${path}, row ${itemLines[item] ?? 0}, item`,
    `one of the ${format.items.length} items that training saw`,
    JSON.stringify(items[item]),
    'Take it out, or leave such ratings out (--unknown ignore).',
  );
}

function ratingsSource(where: string, ratings: Ratings, format: RatingsFormat): RatingsSource {
  const numbers = new Map(format.items.map((name, number) => [name, number]));
  const names = Int32Array.from(ratings.items, (name) => numbers.get(name) ?? -1);
  const rows = renamePlaces(ratings.rows, names);
  return {
    where,
    users: ratings.users,
    leftOut: ratings.rows.places.length - rows.places.length,
    ...sparseSource(rows, format),
  };
}

/** Rows as examples are read. */
export function sparseSource(rows: SparseRows, format: RatingsFormat) {
  return {
    shape: [format.items.length],
    count: rows.offsets.length - 1,
    valueType: 'sparse',
    labels: undefined,
    format,
    rows,
    entries: (positions: Uint32Array | undefined) => entriesAt(rows, positions),
    read: (target: Uint8Array, positions: Uint32Array | undefined) => {
      writeRows(rows, target, positions);
      return Promise.resolve();
    },
  } as const;
}

/** The example of a user by name. Throws DATA_RATINGS_USER. */
export function userPosition(
  { where, users }: Pick<RatingsSource, 'where' | 'users'>,
  name: string,
): number {
  const position = users.indexOf(name);
  if (position >= 0) return position;
  throw ratingsError(
    'DATA_RATINGS_USER',
    where,
    'ratings of the user',
    `none of ${JSON.stringify(name)} among ${users.length} users`,
    'Check the name; she may be in another part of the data (--part train), or left out for too few ratings (leastRatings).',
  );
}
