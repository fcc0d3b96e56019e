/** The labels that names of classes stand for. */
import { DataError } from './errors.ts';

export interface KnownClasses {
  /** For messages: the option that the names were given to. */
  readonly where: string;
  readonly names: readonly string[] | undefined;
  /** How many there are, where they go by their numbers. */
  readonly count: number;
}

/** Throws DATA_UNKNOWN_CLASS for what is neither a class's name nor, where there are none, its number. */
export function labelsNamed(
  wanted: readonly string[],
  { where, names, count }: KnownClasses,
): ReadonlySet<number> {
  const known = names ?? Array.from({ length: count }, (_, label) => String(label));
  return new Set(
    wanted.map((name) => {
      const label = known.indexOf(name);
      if (label >= 0) return label;
      throw new DataError({
        code: 'DATA_UNKNOWN_CLASS',
        where,
        expected: `classes out of ${known.slice(0, 12).join(', ')}${known.length > 12 ? ' ...' : ''}`,
        got: JSON.stringify(name),
        fix: 'Name classes as the data does, with commas between them.',
      });
    }),
  );
}
