/** How to read a table. */
import { DataError } from '../errors.ts';
import type { TableSchema } from './schema.ts';
import type { DateOrder, TableFormat } from './tableFormat.ts';
import type { UnknownPolicy } from './tableRow.ts';

export interface OpenTableOptions {
  /** Read as this says, of a trained run; `schema` and `label` are refused then. */
  readonly format?: TableFormat;
  /** What the columns are, or the path of a file that says so. Default: inferred from all rows. */
  readonly schema?: TableSchema | string;
  /** The column that is the label, where the schema names none. */
  readonly label?: string;
  /** Default: found out; with a format, that of a run without one has none. */
  readonly header?: boolean;
  /** Of CSV, one ASCII character. Default: found out. */
  readonly delimiter?: string;
  /** Default: the schema's, the format's, `.`. */
  readonly decimal?: '.' | ',';
  /** Order of day and month in all columns of dates. Default: the schema's, the format's, found out. */
  readonly dates?: DateOrder;
  /** Words for missing values, beside an empty field. Default: the usual ones (missing.ts). */
  readonly missing?: readonly string[];
  /** What to do about categories and columns that training did not see. Default `error`. */
  readonly unknown?: UnknownPolicy;
}

/** Throws DATA_OPTION for options that contradict each other. */
export function checkTableOptions(options: OpenTableOptions): void {
  const { format, schema, label, header, decimal, dates, unknown, delimiter } = options;
  const given = { schema, label };
  const useless = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (format && useless !== undefined) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: useless,
      expected: 'nothing, since the data is read as that of the trained run was',
      got: JSON.stringify(given[useless as keyof typeof given]).slice(0, 80),
      fix: 'Leave the option out.',
    });
  }
  checkChoice('header', header, [true, false]);
  checkChoice('decimal', decimal, ['.', ',']);
  checkChoice('dates', dates, ['ymd', 'dmy', 'mdy']);
  checkChoice('unknown', unknown, ['error', 'ignore']);
  if (delimiter !== undefined && !/^[\t !#-*,/:-@[-`{-~]$/.test(delimiter)) {
    throw new DataError({
      code: 'DATA_OPTION',
      where: 'delimiter',
      expected: 'one ASCII character that is no letter, digit, quote, point or sign',
      got: JSON.stringify(delimiter),
      fix: 'Name the character between the fields, such as ";", "|" or a tab.',
    });
  }
}

/** Options come as users write them, whatever their type says. */
function checkChoice<T>(where: string, value: T | undefined, choices: readonly T[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where,
    expected: choices.map((choice) => JSON.stringify(choice)).join(' or '),
    got: JSON.stringify(value),
    fix: 'Correct it, or leave it out.',
  });
}
