/** What an error calls an option, as the user typed it. */
import type { ErrorDetails } from '@lockstep/protocol';

/** Options of data whose flags have other names. */
const NAMES: Readonly<Record<string, string>> = {
  test: '--test-data',
  validation: '--validation-data',
};

/**
 * Data names an option by its field, `onlyLabels`: who typed `--only-labels` is told that. What stands in a
 * configuration file keeps its name there.
 */
export function withTypedFlag(details: ErrorDetails, args: readonly string[]): ErrorDetails {
  const { code, where } = details;
  if (!code.startsWith('DATA_') || !/^[a-z]+([A-Z][a-z]+)*$/.test(where)) return details;
  const flag =
    NAMES[where] ?? `--${where.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const isTyped = args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
  return isTyped ? { ...details, where: flag } : details;
}
