/** Checks of what a configuration says, each with a message that names the setting. */
import { CollectiveError } from './errors.ts';

export interface NumberRange {
  /** Smallest value allowed. */
  readonly from: number;
  /** Values must round to a float32 below this one. */
  readonly below?: number;
  readonly integer?: boolean;
}

/** @throws CollectiveError (CONFIG_NUMBER) unless `value` is a finite number in the range */
export function checkNumber(where: string, value: unknown, range: NumberRange): void {
  const { from, below = Infinity, integer = false } = range;
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= from &&
    Math.fround(value) < below &&
    (!integer || Number.isSafeInteger(value));
  if (fits) return;
  const kind = integer ? 'an integer' : 'a number';
  const top = below === Infinity ? '' : ` and below ${below}`;
  throw new CollectiveError({
    code: 'CONFIG_NUMBER',
    where,
    expected: `${kind} of at least ${from}${top}`,
    got: typeof value === 'string' ? JSON.stringify(value) : String(value),
    fix: `Change ${where} in the configuration or on the command line.`,
  });
}

/** @throws CollectiveError (CONFIG_UNKNOWN_KEY) where `options` has a key that `config` has not */
export function checkKeys(where: string, options: object, config: object): void {
  const known = Object.keys(config);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new CollectiveError({
      code: 'CONFIG_UNKNOWN_KEY',
      where,
      expected: `only the settings ${known.join(', ')}`,
      got: `"${key}"`,
      fix: 'Remove it, or correct its spelling.',
    });
  }
}

/** @throws CollectiveError (CONFIG_UNKNOWN_NAME) where `name` is not among `names` */
export function checkName(where: string, name: unknown, names: readonly string[]): void {
  if (names.some((known) => known === name)) return;
  throw new CollectiveError({
    code: 'CONFIG_UNKNOWN_NAME',
    where,
    expected: `one of ${names.join(', ')}`,
    got: JSON.stringify(name) ?? 'nothing',
    fix: 'Correct the name.',
  });
}

/** The defaults, and over them whatever `options` gives. */
export function withDefaults<Config extends object>(
  defaults: Config,
  options: Partial<Config>,
): Config {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(given) };
}
