/**
 * Ratings as examples, one a user: from a file of user, item and, if it has them, rating and time (which
 * is not read), in CSV, plain or gzip. Which items there are is what the training part has; what others
 * have beside is left out.
 */
import { entriesOf, type PassedOver, type RatingRows } from '../storedRatings.ts';
import type { SpoolOptions } from '../streaming/spool.ts';
import { ratingsError } from './ratingRows.ts';
import type { RatingsFormat } from './ratingsFormat.ts';
import { completeRatingsOptions, type RatingsOptions } from './ratingsOptions.ts';
import { passedOver, unknownItems } from './passedOver.ts';
import { readRatings, type Ratings } from './readRatings.ts';
import { sparseWriter } from './sparseRows.ts';
import { rowPieces } from './userRows.ts';

/** What is said of spooling matters with a memory limit. */
export interface OpenRatingsOptions extends RatingsOptions, SpoolOptions {
  /** Of a trained run: its items, and what a rating is, whatever the options say. */
  readonly format?: RatingsFormat;
  /** Bytes that ratings may take in memory: they are grouped in a temporary file then. Default: no limit. */
  readonly memoryLimit?: number;
}

/** A file whose users have been counted. */
export interface OpenedRatings {
  readonly where: string;
  readonly count: number;
  readonly labels: undefined;
  /** The source with the format given, or with the items of the users at these positions (default: all). */
  fit(train: Uint32Array | undefined): Promise<RatingsSource>;
  /** Of a temporary file, where there is one; nothing is read then any more. */
  close(): Promise<void>;
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
  /** Offsets, items and weights of the users at `positions` (undefined: all): valueType.ts, `sparse`. */
  read(target: Uint8Array, positions: Uint32Array | undefined): Promise<void>;
  /** Names, in the order of the examples. */
  readonly users: readonly string[];
  readonly ratings: RatingRows;
  /** Ratings of items that the training part does not have; they are not among the rows. */
  readonly leftOut: number;
  /** What they are, where there are some. */
  passedOver?(): Promise<PassedOver | undefined>;
}

/** Throws DataError. */
export async function openRatings(
  path: string,
  { format, memoryLimit, signal, onSpool, ...options }: OpenRatingsOptions = {},
): Promise<OpenedRatings> {
  const complete = completeRatingsOptions(options, format);
  const ratings = await readRatings(path, complete, {
    memoryLimit,
    ...(signal && { signal }),
    ...(onSpool && { onSpool }),
  });
  return {
    where: path,
    count: ratings.users.length,
    labels: undefined,
    close: ratings.close,
    fit: async (train) => {
      if (format) {
        if (complete.unknown === 'error') await refuseUnknown(path, ratings, format);
        return ratingsSource(path, ratings, format);
      }
      const items = await itemsOf(ratings, train, complete.leastUsers);
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
async function itemsOf(
  { items, rows: all }: Ratings,
  train: Uint32Array | undefined,
  leastUsers: number,
): Promise<string[]> {
  const users = new Uint32Array(items.length);
  for await (const { rows } of rowPieces(all, train)) {
    for (const item of rows.places) users[item] = (users[item] ?? 0) + 1;
  }
  return items.filter((_, item) => (users[item] ?? 0) >= leastUsers);
}

async function refuseUnknown(path: string, ratings: Ratings, format: RatingsFormat): Promise<void> {
  const [first] = await unknownItems(ratings, format);
  if (!first) return;
  throw ratingsError(
    'DATA_RATINGS_ITEM',
    `${path}, row ${first.row}, item`,
    `one of the ${format.items.length} items that training saw`,
    JSON.stringify(first.item),
    'Take it out, or pass over such ratings (--unknown ignore). The file of the training has such items too: those that users of its other parts alone have.',
  );
}

async function ratingsSource(
  where: string,
  ratings: Ratings,
  format: RatingsFormat,
): Promise<RatingsSource> {
  const numbers = new Map(format.items.map((name, number) => [name, number]));
  const names = Int32Array.from(ratings.items, (name) => numbers.get(name) ?? -1);
  const rows = await ratings.rows.rename(names);
  return {
    where,
    users: ratings.users,
    leftOut: entriesOf(ratings.rows) - entriesOf(rows),
    passedOver: () => passedOver(ratings, rows, format),
    ...sparseSource(rows, format),
  };
}

/** Of rows that are copied at a time. */
const READ_BYTES = 1 << 20;

/** Rows as examples are read. */
export function sparseSource(rows: RatingRows, format: RatingsFormat) {
  return {
    shape: [format.items.length],
    count: rows.count,
    valueType: 'sparse',
    labels: undefined,
    format,
    ratings: rows,
    read: async (target: Uint8Array, positions: Uint32Array | undefined) => {
      const { length: count } = positions ?? { length: rows.count };
      const write = sparseWriter(target, { count, entries: entriesOf(rows, positions) });
      const pieceBytes = Math.min(READ_BYTES, rows.pieceBytes);
      for await (const piece of rowPieces({ ...rows, pieceBytes }, positions)) write(piece.rows);
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
