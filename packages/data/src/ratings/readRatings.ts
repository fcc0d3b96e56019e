/** A ratings file in memory: the names of its users and items, and who chose what. */
import { ratingsError, scanRatings } from './ratingRows.ts';
import type { CompleteRatingsOptions } from './ratingsOptions.ts';
import { rowsAt, sparseRows, type SparseRows } from './sparseRows.ts';

export interface Ratings {
  /** Names, in the order they come in the file. */
  readonly users: readonly string[];
  readonly items: readonly string[];
  /** The line in which each item comes first. */
  readonly itemLines: readonly number[];
  /** A row for each user, a place for each item. */
  readonly rows: SparseRows;
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

/** Throws DataError. */
export async function readRatings(path: string, options: CompleteRatingsOptions): Promise<Ratings> {
  const { threshold, weights, leastRatings } = options;
  const users = numbering();
  const items = numbering();
  const itemLines: number[] = [];
  const rows = growing((length) => new Uint32Array(length));
  const places = growing((length) => new Uint32Array(length));
  const values = growing((length) => new Float32Array(length));
  const columns = await scanRatings(path, options, ({ user, item, rating, line }) => {
    if (threshold !== undefined && rating < threshold) return;
    if (weights === 'rating' && rating <= 0) {
      if (rating === 0) return;
      const where = `${path}, row ${line}, rating`;
      const fix = 'Set a threshold, or take every rating as one (weights: "one").';
      throw ratingsError('DATA_RATINGS_ROW', where, '0 or more as a weight', String(rating), fix);
    }
    rows.push(users.of(user));
    const place = items.of(item);
    if (place === itemLines.length) itemLines.push(line);
    places.push(place);
    values.push(weights === 'one' ? 1 : rating);
  });
  if (columns.rating < 0 && (threshold !== undefined || weights === 'rating')) {
    const where = `ratings, ${threshold === undefined ? 'weights' : 'threshold'}`;
    const got = `${path}, which has users and items alone`;
    const fix = 'Leave the option out, or say which column has them (rating).';
    throw ratingsError('DATA_OPTION', where, 'a file with ratings', got, fix);
  }
  const all = sparseRows(users.numbers.size, {
    rows: rows.all(),
    places: places.all(),
    weights: values.all(),
  });
  const names = [...users.numbers.keys()];
  const enough = Uint32Array.from(names.keys()).filter((row) => {
    return (all.offsets[row + 1] ?? 0) - (all.offsets[row] ?? 0) >= leastRatings;
  });
  if (enough.length === 0) {
    const expected = `users with ${leastRatings} items or more`;
    const fix = 'Lower leastRatings or the threshold, or check the file.';
    throw ratingsError('DATA_EMPTY', path, expected, 'none', fix);
  }
  return { users: names, items: [...items.numbers.keys()], itemLines, ...keep(names, all, enough) };
}

function keep(names: readonly string[], all: SparseRows, rows: Uint32Array) {
  if (rows.length === names.length) return { rows: all };
  return { users: Array.from(rows, (row) => names[row] ?? ''), rows: rowsAt(all, rows) };
}
