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
  if (!code.startsWith('DATA_')) return details;
  // A setting of `--read`, of which some have flags of their own.
  const [, setting] = /^read, (\w+)$/.exec(where) ?? [];
  const flag = flagOf(setting ?? where);
  if (isTyped(flag, args)) return { ...details, where: flag };
  if (setting === undefined || !isTyped('--read', args)) return details;
  return { ...details, where: `--read ${setting}` };
}

function flagOf(field: string): string {
  return NAMES[field] ?? `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function isTyped(flag: string, args: readonly string[]): boolean {
  return args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
}
