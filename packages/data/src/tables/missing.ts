/**
 * What stands for a missing value beside an empty field, in any column: as pandas takes it, and `?`, as
 * the UCI repository writes it. Other words are named in the schema (`missing`).
 */
export const defaultMissing: readonly string[] = [
  ...['?', 'NA', 'N/A', '#N/A', '<NA>', 'n/a', 'na'],
  ...['NaN', 'nan', '-nan', '-NaN', 'NAN', 'NULL', 'null', 'None', '\\N'],
];

export function isMissing(text: string, missing: ReadonlySet<string>): boolean {
  return text === '' || missing.has(text);
}
