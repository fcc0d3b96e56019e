/**
 * The lines of a ratings file as fields: user, item and, where there is one, the rating. A field may stand
 * in quotes; a line break in it is an error.
 */
import { DataError } from '../errors.ts';
import { textChunks } from '../text/textChunks.ts';
import type { RatingsOptions } from './ratingsOptions.ts';

/** Which field is what; `rating` is -1 where there is none. */
export interface RatingColumns {
  readonly user: number;
  readonly item: number;
  readonly rating: number;
}

export interface RatingRow {
  readonly user: string;
  readonly item: string;
  /** NaN where the file has no ratings. */
  readonly rating: number;
  /** From 1, as an editor counts lines. */
  readonly line: number;
}

const USUAL_NAMES = {
  user: /^(user|customer|member|reviewer|account|visitor|person|uid\b)/i,
  item: /^(item|movie|product|song|track|artist|book|article|film|title|asin|iid\b)/i,
  rating: /^(rating|score|stars?|value|weight|count|plays?|preference)/i,
} as const;
const WHAT = ['user', 'item', 'rating'] as const;

export interface RatingTaker {
  /** Told of each rating. */
  take(row: RatingRow): void;
  /** Waited for now and then, and at the end. */
  afterChunk(): Promise<void> | undefined;
}

/** What the columns are. Throws DataError. */
export async function scanRatings(
  path: string,
  options: RatingsOptions,
  { take, afterChunk }: RatingTaker,
): Promise<RatingColumns> {
  let columns: RatingColumns | undefined;
  let delimiter = '';
  let line = 0;
  let rest = '';
  const readLine = (text: string): void => {
    line++;
    if (text.trim() === '') return;
    if (columns === undefined) {
      delimiter = options.delimiter ?? guessDelimiter(path, text);
      const first = fieldsOf(path, text, delimiter, line);
      const header = options.header ?? looksLikeHeader(first, options);
      columns = findColumns(path, first, header, options);
      if (header) return;
    }
    take(rowOf(path, fieldsOf(path, text, delimiter, line), columns, line));
  };
  for await (const chunk of textChunks(path)) {
    const text = rest + chunk;
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      readLine(text.slice(from, at));
      from = at + 1;
    }
    rest = text.slice(from);
    await afterChunk();
  }
  readLine(rest);
  await afterChunk();
  if (columns === undefined) {
    throw ratingsError('DATA_EMPTY', path, 'ratings', 'no line at all', 'Check the file.');
  }
  return columns;
}

function guessDelimiter(path: string, line: string): string {
  const found = ['\t', '::', ';', ','].find((each) => line.includes(each));
  if (found !== undefined) return found;
  throw ratingsError(
    'DATA_RATINGS_ROW',
    `${path}, row 1`,
    'a user and an item, with a comma, semicolon, tab or :: between them',
    JSON.stringify(line.slice(0, 60)),
    'Name what stands between fields (delimiter), or mend the file.',
  );
}

function fieldsOf(path: string, text: string, delimiter: string, line: number): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; at <= text.length;) {
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
      if (end < 0 || (end + 1 < text.length && !text.startsWith(delimiter, end + 1))) {
        throw ratingsError(
          'DATA_TABLE_QUOTE',
          `${path}, row ${line}`,
          'a quoted field that ends before the next one',
          JSON.stringify(text.slice(at, at + 40)),
          'Mend the quotes; a quote in a field is written twice.',
        );
      }
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1 + delimiter.length;
      if (end + 1 === text.length) break;
    } else {
      const end = text.indexOf(delimiter, at);
      fields.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) break;
      at = end + delimiter.length;
    }
  }
  return fields;
}

/** Where ratings are, something that is no number; without them, usual names for two columns. */
function looksLikeHeader(fields: readonly string[], { rating = 3 }: RatingsOptions): boolean {
  if (typeof rating === 'string' && fields.includes(rating)) return true;
  const first = fields[Number(rating) - 1];
  if (first !== undefined) return !isNumber(first);
  // Of a user or an item such names are part, as in user1.
  const names = fields.filter((field) => !/\d/.test(field));
  return (
    WHAT.filter((what) => names.some((name) => USUAL_NAMES[what].test(name.trim()))).length >= 2
  );
}

function findColumns(
  path: string,
  first: readonly string[],
  header: boolean,
  options: RatingsOptions,
): RatingColumns {
  const find = (what: (typeof WHAT)[number], place: number): number => {
    const wanted = options[what];
    if (wanted !== undefined) {
      const at = header ? first.indexOf(String(wanted)) : -1;
      const found = at >= 0 ? at : Number(wanted) - 1;
      if (Number.isInteger(found) && found >= 0 && found < first.length) return found;
      throw ratingsError(
        'DATA_TABLE_HEADER',
        `${path}, ${what}`,
        `one of its columns: ${first.map((_, i) => (header ? first[i] : i + 1)).join(', ')}`,
        JSON.stringify(wanted),
        'Name a column, or its number from 1.',
      );
    }
    const usual = header ? first.findIndex((name) => USUAL_NAMES[what].test(name.trim())) : -1;
    return usual >= 0 ? usual : place;
  };
  const [user, item] = [find('user', 0), find('item', 1)];
  const rating = find('rating', 2);
  if (user === item || first.length < 2) {
    throw ratingsError(
      'DATA_RATINGS_ROW',
      `${path}, row 1`,
      'a column of users and one of items',
      `${first.length} column${first.length === 1 ? '' : 's'}: ${first.join(', ').slice(0, 60)}`,
      'Say which columns they are (user, item).',
    );
  }
  // A third column that is neither of them.
  const hasRating = rating < first.length && rating !== user && rating !== item;
  return { user, item, rating: hasRating ? rating : -1 };
}

function rowOf(
  path: string,
  fields: readonly string[],
  columns: RatingColumns,
  line: number,
): RatingRow {
  const [user, item] = [fields[columns.user]?.trim(), fields[columns.item]?.trim()];
  if (user === undefined || user === '' || item === undefined || item === '') {
    throw ratingsError(
      'DATA_RATINGS_ROW',
      `${path}, row ${line}`,
      'a user and an item',
      JSON.stringify(fields.join(',').slice(0, 60)),
      'Mend the line, or take it out.',
    );
  }
  if (columns.rating < 0) return { user, item, rating: NaN, line };
  const text = fields[columns.rating]?.trim() ?? '';
  if (!isNumber(text)) {
    throw ratingsError(
      'DATA_RATINGS_ROW',
      `${path}, row ${line}, rating`,
      'a number',
      JSON.stringify(text.slice(0, 60)),
      'Mend it (a decimal point, no comma), or say which column has the ratings (rating).',
    );
  }
  return { user, item, rating: Number(text), line };
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

type RatingsCode = 'DATA_EMPTY' | 'DATA_RATINGS_ROW' | 'DATA_TABLE_QUOTE' | 'DATA_TABLE_HEADER';

export function ratingsError(
  code: RatingsCode | 'DATA_RATINGS_ITEM' | 'DATA_RATINGS_USER' | 'DATA_OPTION',
  where: string,
  expected: string,
  got: string,
  fix: string,
): DataError {
  return new DataError({ code, where, expected, got, fix });
}
