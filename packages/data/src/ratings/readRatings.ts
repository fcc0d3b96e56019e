/** A ratings file: the names of its users and items, and who chose what, in memory or, with a limit, on disk. */
import type { DataError } from '../errors.ts';
import { openEntryFile } from './entryFile.ts';
import { groupEntries, type GroupOptions } from './groupEntries.ts';
import { rowsInFile } from './groupedRows.ts';
import type { SpoolOptions } from '../streaming/spool.ts';
import { ratingsError, scanRatings } from './ratingRows.ts';
import type { CompleteRatingsOptions } from './ratingsOptions.ts';
import { rowsAt, sparseRows } from './sparseRows.ts';
import { rowsInMemory, type UserRows } from './userRows.ts';

export interface Ratings {
  /** Names, in the order they come in the file. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  /** The line in which each item comes first. */
  readonly itemLines: readonly number[];
  /** A row for each user, a place for each item. */
  readonly rows: UserRows;
  close(): Promise<void>;
}

/** Grows by doubling. */
function growing<T extends Uint32Array | Float32Array>(make: (length: number) => T) {
  let values = make(1 << 16);
  let used = 0;
  return {
    push(value: number): void {
      if (used === values.length) {
        const larger = make(2 * used);
        larger.set(values);
        values = larger;
      }
      values[used++] = value;
    },
    all: (): T => values.subarray(0, used) as T,
  };
}

/** A number for each name. */
function numbering() {
  const numbers = new Map<string, number>();
  return {
    numbers,
    of(name: string): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    },
  };
}

/** Where ratings go, by the numbers of their users and items. */
interface EntrySink {
  add(user: number, item: number, weight: number): void;
  /** Makes room: now and then. */
  flush?(): Promise<void>;
}

interface Names {
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly itemLines: readonly number[];
}

export interface ReadOptions extends SpoolOptions {
  /** Bytes that the ratings may take, without the names; undefined: all are held in memory. */
  readonly memoryLimit: number | undefined;
}

/** Throws DataError. */
export function readRatings(
  path: string,
  options: CompleteRatingsOptions,
  { memoryLimit, ...spooling }: ReadOptions,
): Promise<Ratings> {
  if (memoryLimit === undefined) return readIntoMemory(path, options);
  const { leastRatings } = options;
  return readOntoDisk(path, options, { where: path, memoryLimit, leastRatings, ...spooling });
}

async function readIntoMemory(path: string, options: CompleteRatingsOptions): Promise<Ratings> {
  const rows = growing((length) => new Uint32Array(length));
  const places = growing((length) => new Uint32Array(length));
  const weights = growing((length) => new Float32Array(length));
  const names = await scanEntries(path, options, {
    add(user, item, weight) {
      rows.push(user);
      places.push(item);
      weights.push(weight);
    },
  });
  const all = sparseRows(names.users.length, {
    rows: rows.all(),
    places: places.all(),
    weights: weights.all(),
  });
  const { leastRatings } = options;
  const enough = Uint32Array.from(names.users.keys()).filter((row) => {
    return (all.offsets[row + 1] ?? 0) - (all.offsets[row] ?? 0) >= leastRatings;
  });
  const isAll = enough.length === names.users.length;
  return {
    ...names,
    users: usersAt(path, names, enough, leastRatings),
    rows: rowsInMemory(isAll ? all : rowsAt(all, enough)),
    close: () => Promise.resolve(),
  };
}

/** Of the memory limit: rows that are held while all are gone through. */
const PIECE_SHARE = 1 / 8;

async function readOntoDisk(
  path: string,
  options: CompleteRatingsOptions,
  how: GroupOptions,
): Promise<Ratings> {
  const { memoryLimit, leastRatings, signal } = how;
  const entries = await openEntryFile(path);
  const sink: EntrySink = {
    add: entries.add,
    async flush() {
      signal?.throwIfAborted();
      await entries.flush();
    },
  };
  const names = await scanEntries(path, options, sink).catch(async (error: unknown) => {
    await entries.file.close();
    throw error;
  });
  const grouped = await groupEntries(entries, how);
  const close = (): Promise<void> => grouped.file.close();
  try {
    return {
      ...names,
      users: usersAt(path, names, grouped.users, leastRatings),
      rows: rowsInFile(grouped, PIECE_SHARE * memoryLimit),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads all ratings that the options do not leave out. Throws DataError. */
async function scanEntries(
  path: string,
  options: CompleteRatingsOptions,
  sink: EntrySink,
): Promise<Names> {
  const { threshold, weights } = options;
  const users = numbering();
  const items = numbering();
  const itemLines: number[] = [];
  let read = 0;
  const columns = await scanRatings(path, options, {
    take: ({ user, item, rating, line }) => {
      read++;
      if (threshold !== undefined && rating < threshold) return;
      if (weights === 'rating' && rating <= 0) {
        if (rating === 0) return;
        const where = `${path}, row ${line}, rating`;
        const fix = 'Set a threshold, or take every rating as one (weights: "one").';
        throw ratingsError('DATA_RATINGS_ROW', where, '0 or more as a weight', String(rating), fix);
      }
      const row = users.of(user);
      const place = items.of(item);
      if (place === itemLines.length) itemLines.push(line);
      sink.add(row, place, weights === 'one' ? 1 : rating);
    },
    afterChunk: () => sink.flush?.(),
  });
  if (columns.rating < 0 && (threshold !== undefined || weights === 'rating')) {
    const where = `ratings, ${threshold === undefined ? 'weights' : 'threshold'}`;
    const got = `${path}, which has users and items alone`;
    const fix = 'Leave the option out, or say which column has them (rating).';
    throw ratingsError('DATA_OPTION', where, 'a file with ratings', got, fix);
  }
  if (itemLines.length === 0) throw noRatings(path, read, threshold);
  return { users: [...users.numbers.keys()], items: [...items.numbers.keys()], itemLines };
}

/** Names of the users that are kept. Throws DATA_EMPTY where there is none. */
function usersAt(
  path: string,
  { users }: Names,
  kept: Uint32Array,
  leastRatings: number,
): readonly string[] {
  if (kept.length === 0) {
    const expected = `users with ${leastRatings} items or more`;
    const got = `none among ${users.length}`;
    const fix =
      'Lower leastRatings or the threshold, which a run is trained with, or check the file.';
    throw ratingsError('DATA_EMPTY', path, expected, got, fix);
  }
  return kept.length === users.length ? users : Array.from(kept, (user) => users[user] ?? '');
}

/** Of so many that were read, all were too low. */
function noRatings(path: string, read: number, threshold: number | undefined): DataError {
  if (read === 0) {
    const fix = 'Check that it is the right file.';
    return ratingsError('DATA_EMPTY', path, 'ratings', 'none', fix);
  }
  const expected = `ratings ${threshold === undefined ? 'above 0' : `of ${threshold} or more`}`;
  const fix = 'Check the file, or lower the threshold, which a run is trained with.';
  return ratingsError('DATA_EMPTY', path, expected, `none among ${read}`, fix);
}
