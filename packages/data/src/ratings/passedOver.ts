/** Ratings of items that a trained run does not know, and what is left without them. */
import { entriesOf, type PassedOver, type RatingRows, type UnknownItem } from '../storedRatings.ts';
import type { RatingsFormat } from './ratingsFormat.ts';
import type { Ratings } from './readRatings.ts';
import { rowPieces } from './userRows.ts';

/** That are named. */
const FIRST = 3;

/** Undefined where nothing is. @param left of the rows of `ratings` */
export async function passedOver(
  ratings: Ratings,
  left: RatingRows,
  format: RatingsFormat,
): Promise<PassedOver | undefined> {
  const count = entriesOf(ratings.rows) - entriesOf(left);
  if (count === 0) return undefined;
  const items = await unknownItems(ratings, format);
  const users = ratings.users.filter((_, row) => left.sizeOf(row) === 0);
  return {
    ...{ ratings: count, items: items.length, firstItems: items.slice(0, FIRST) },
    ...{ users: users.length, firstUsers: users.slice(0, FIRST) },
  };
}

/** In the order of the file. An item may stand there for users alone who were left out: it is none of them. */
export async function unknownItems(
  { items, itemLines, rows: all }: Ratings,
  format: RatingsFormat,
): Promise<UnknownItem[]> {
  const known = new Set(format.items);
  const chosen = new Uint8Array(items.length);
  for await (const { rows } of rowPieces(all)) {
    for (const item of rows.places) chosen[item] = 1;
  }
  return items.flatMap((item, at) =>
    chosen[at] === 1 && !known.has(item) ? { item, row: itemLines[at] ?? 0 } : [],
  );
}
