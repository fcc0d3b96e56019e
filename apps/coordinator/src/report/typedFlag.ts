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
  // `mels`, `read, mels` or `audio, mels`: a setting of `--read`, of which some have flags of their own.
  const [, setting] = /^(?:[a-z]+, )?(\w+)$/.exec(where) ?? [];
  if (setting === undefined) return details;
  const flag = flagOf(setting);
  if (isTyped(flag, args)) return { ...details, where: flag };
  return settingsTyped(args).includes(setting)
    ? { ...details, where: `--read ${setting}` }
    : details;
}

/** Names of the settings of `--read`. */
function settingsTyped(args: readonly string[]): string[] {
  return args
    .filter((arg, i) => args[i - 1] === '--read' || arg.startsWith('--read='))
    .flatMap((text) => text.replace(/^--read=/, '').split(','))
    .map((setting) => setting.replace(/=.*/s, '').trim());
}

function flagOf(field: string): string {
  return NAMES[field] ?? `--${field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function isTyped(flag: string, args: readonly string[]): boolean {
  return args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
}
