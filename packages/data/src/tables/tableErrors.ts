/** What can be wrong with a table, named by file, row and column. */
import { DataError, type DataErrorDetails } from '../errors.ts';

/** Where a value stands. Rows are lines as an editor counts them: from 1, with the header. */
export interface Place {
  readonly where: string;
  readonly row?: number;
  readonly column?: string;
}

/** `file.csv, row 17, column "age"`. */
function formatPlace({ where, row, column }: Place): string {
  const parts = [
    where,
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column ${JSON.stringify(column)}`]),
  ];
  return parts.join(', ');
}

export function tableError(
  place: Place,
  details: Omit<DataErrorDetails, 'where'>,
  cause?: unknown,
): DataError {
  return new DataError(
    { where: formatPlace(place), ...details },
    cause === undefined ? undefined : { cause },
  );
}

/** A text in quotes, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}

/** `"a", "b", "c" and 12 more`. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map(quoted).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function unseenCategory(
  place: Place,
  category: string,
  known: readonly string[],
): DataError {
  return tableError(place, {
    code: 'DATA_TABLE_UNSEEN',
    expected: `one of the ${known.length} categories that training saw (${listed(known)})`,
    got: quoted(category),
    fix: 'Mend the value, or let unknown values count as missing (--unknown ignore; in training, --read unknown=ignore).',
  });
}

/** Of data to train on, whose categories a schema lists. */
export function notInSchema(
  place: Place,
  category: string,
  listedOnes: readonly string[],
): DataError {
  return tableError(place, {
    code: 'DATA_TABLE_UNSEEN',
    expected: `one of the ${listedOnes.length} categories that the schema lists (${listed(listedOnes)})`,
    got: quoted(category),
    fix: 'Add it to the `categories` of this column in the schema, or mend the value.',
  });
}

export function notANumber(place: Place, text: string, decimal: '.' | ','): DataError {
  const locale = otherLocale(text, decimal);
  return tableError(place, {
    code: locale === undefined ? 'DATA_TABLE_VALUE' : 'DATA_TABLE_LOCALE',
    expected: `a number${decimal === ',' ? ' with a decimal comma' : ''}, or nothing where it is missing`,
    got: quoted(text),
    fix:
      locale ??
      'Mend the value; or name the word among those for missing values (`--read missing=WORD`, or `missing` in the schema); or, in training, give the column another kind in the schema (categorical, ignore).',
  });
}

export function notADate(place: Place, text: string): DataError {
  return tableError(place, {
    code: 'DATA_TABLE_VALUE',
    expected: 'a date (2024-05-31, with or without a time), or nothing where it is missing',
    got: quoted(text),
    fix: 'Mend the value; or say how dates are written (`--read dates=dmy` or `mdy`, or `order` in the schema); or, in training, give the column another kind in the schema.',
  });
}

/** What to do about a number that is written as in another language; undefined for what is none. */
export function otherLocale(text: string, decimal: '.' | ','): string | undefined {
  if (decimal === '.' && /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) {
    return 'If the comma groups thousands, write the numbers without it; if it is a decimal comma, say so (`--read decimal=,`, or `decimal: ","` in the schema).';
  }
  if (decimal === '.' && /^[+-]?(\d+|\d{1,3}([. ]\d{3})+),\d+(e[+-]?\d+)?$/i.test(text)) {
    return text.replace(/,.*/, '').match(/[. ]/)
      ? 'Write the numbers without marks between thousands, and say that the comma is decimal (`--read decimal=,`, or `decimal: ","` in the schema).'
      : 'If it is a decimal comma, say so (`--read decimal=,`, or `decimal: ","` in the schema).';
  }
  if (decimal === ',' && /^[+-]?(\d+|\d{1,3}(,\d{3})+)\.\d+(e[+-]?\d+)?$/i.test(text)) {
    return 'If it is a decimal point, say so (`--read decimal=.`, or `decimal: "."` in the schema); a file has one of both.';
  }
  return undefined;
}

export function noSuchColumn(
  { where, names }: { readonly where: string; readonly names: readonly string[] },
  column: string,
): DataError {
  return tableError(
    { where, column },
    {
      code: 'DATA_TABLE_COLUMNS',
      expected: `one of the columns ${names.join(', ')}`,
      got: 'none of this name',
      fix: 'Check the name.',
    },
  );
}

export function rowsHaveChanged(where: string, expected: number, got: number): DataError {
  return tableError(
    { where },
    {
      code: 'DATA_COUNT_MISMATCH',
      expected: `${expected} rows, as when it was opened`,
      got: String(got),
      fix: 'Leave the file alone while it is read.',
    },
  );
}
