/** Settings of a kind of data as users write them, checked by name; the kind checks their values. */
import { DataError } from './errors.ts';
import type { DataKind } from './format.ts';
import type { ReadSettings } from './options.ts';

/** `T`'s settings among those a user gave. Throws DATA_OPTION for others. */
export function readSettings<T extends object>(
  kind: DataKind,
  given: ReadSettings = {},
  known: readonly (keyof T & string)[],
): Partial<T> {
  const names: readonly string[] = known;
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return given as Partial<T>;
  throw new DataError({
    code: 'DATA_OPTION',
    where: `read, ${unknown}`,
    expected: known.length === 0 ? `no settings for ${kind}s` : `for ${kind}s, ${known.join(', ')}`,
    got: `"${unknown}"`,
    fix: 'Correct the name, or leave it out.',
  });
}
