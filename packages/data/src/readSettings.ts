/** Settings of a kind of data as users write them, checked by name; the kind checks their values. */
import { DataError } from './errors.ts';
import type { DataKind } from './format.ts';
import type { ReadSettings } from './options.ts';

/** Those that say how a file is written, which may differ where a trained model is used on another one. */
const FILE_SETTINGS: Readonly<Record<DataKind, readonly string[]>> = {
  table: ['delimiter', 'decimal', 'dates', 'header', 'missing'],
  ratings: ['delimiter', 'header', 'user', 'item', 'rating'],
  image: [],
  array: [],
  text: [],
  audio: [],
};

/** Throws DATA_OPTION for settings of other data that the trained run's format decides, or nobody knows. */
export function checkFileSettings(kind: DataKind, given: ReadSettings): void {
  const known = FILE_SETTINGS[kind];
  const other = Object.keys(given).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new DataError({
    code: 'DATA_OPTION',
    where: `read, ${other}`,
    expected:
      known.length === 0
        ? `nothing: other ${kind} data is read as the trained run's`
        : `${known.join(', ')}: all else is read as the trained run's ${kind} data`,
    got: `"${other}"`,
    fix: 'Leave it out.',
  });
}

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
    expected:
      known.length === 0 ? `no settings for ${kind} data` : `for ${kind} data, ${known.join(', ')}`,
    got: `"${unknown}"`,
    fix: 'Correct the name, or leave it out.',
  });
}
