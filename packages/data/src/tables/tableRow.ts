/**
 * One row as a program has it: by column name. Numbers are numbers; categories and labels are texts; dates
 * are ISO texts; null is missing.
 */
export type TableValue = number | string | null;
export type TableRow = Readonly<Record<string, TableValue>>;

/** What to do about what training did not see: refuse it, or take it as missing. */
export type UnknownPolicy = 'error' | 'ignore';
