/** A preset's options: what was given over its defaults. What it does not have is an error. */
import type { PresetOptions } from '@lockstep/core';
import { errorDetails } from '@lockstep/protocol';
import { ConfigError } from '../errors.ts';
import { describe } from './describe.ts';
import { checkKnownName, type Locate } from './parseConfig.ts';
import { closestName } from './suggest.ts';

/** Options whose value is a name, or a name and settings after a colon, and the names there are. */
export type NamedOptions = Readonly<Record<string, readonly string[]>>;

export interface PresetWithOptions {
  readonly name: string;
  readonly options: PresetOptions;
}

/** Throws CONFIG_NO_EFFECT, CONFIG_VALUE, CONFIG_UNKNOWN_NAME. */
export function completeModelOptions(
  { name: preset, options: defaults }: PresetWithOptions,
  given: Readonly<Record<string, unknown>>,
  locate: Locate,
  names: NamedOptions = {},
): PresetOptions {
  const known = Object.keys(defaults);
  const complete: Record<string, number | string | boolean> = { ...defaults };
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const where = locate(['modelOptions', option]);
    const meant = defaults[option];
    if (meant === undefined) {
      const near = closestName(option, known);
      throw new ConfigError({
        code: 'CONFIG_NO_EFFECT',
        where,
        expected: `an option of preset ${preset}: ${known.join(', ')}`,
        got: `${option}, which would change nothing`,
        fix:
          near === undefined
            ? 'Leave it out, or choose another preset.'
            : `Did you mean "${near}"?`,
      });
    }
    if (!isLike(value, meant)) {
      const expected = `a ${typeof meant}, such as ${describe(meant)}`;
      const fix = 'Correct it, or leave it out for the default.';
      throw new ConfigError({ code: 'CONFIG_VALUE', where, expected, got: describe(value), fix });
    }
    const choices = names[option];
    if (choices) checkKnownName(where, String(value).split(':')[0], choices);
    complete[option] = value;
  }
  return complete;
}

function isLike<T extends number | string | boolean>(value: unknown, meant: T): value is T {
  return typeof value === typeof meant && (typeof value !== 'number' || Number.isFinite(value));
}

/**
 * Makes what an option's text says, for the error it may throw: that of the model, told of the setting
 * it came from. Throws CONFIG_VALUE.
 */
export function checkOptionText(where: string, make: () => unknown): void {
  try {
    make();
  } catch (error) {
    const details = errorDetails(error);
    if (details === undefined) throw error;
    const { where: inside, expected, got, fix } = details;
    throw new ConfigError(
      { code: 'CONFIG_VALUE', where, expected: `${expected} (${inside})`, got, fix },
      { cause: error },
    );
  }
}
