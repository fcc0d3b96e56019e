/** A command line that cannot be meant: unknown flags and commands, values out of range. */
import { errorDetails } from '@lockstep/protocol';
import type { ErrorDetails } from '@lockstep/protocol';
import type { CommanderError } from 'commander';

export class UsageError extends Error implements ErrorDetails {
  override readonly name = 'UsageError';
  readonly code: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(details: ErrorDetails) {
    super(`${details.where}: expected ${details.expected}, got ${details.got}. ${details.fix}`);
    this.code = details.code;
    this.where = details.where;
    this.expected = details.expected;
    this.got = details.got;
    this.fix = details.fix;
  }
}

/** What commander found wrong with `command` (`lockstep train`), in the shape of all our errors. */
export function fromCommander(error: CommanderError, command: string): UsageError {
  const quoted = [...error.message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
  const [first = '', second = ''] = quoted;
  const meant = /\(Did you mean (.*)\?\)/s.exec(error.message)?.[1];
  const help = `${command} --help lists what it takes.`;
  const fix = meant === undefined ? sentence(help) : `Did you mean ${meant}? ${sentence(help)}`;
  const usage = (code: string, where: string, expected: string, got: string) =>
    new UsageError({ code, where, expected, got, fix });

  switch (error.code) {
    case 'commander.unknownOption':
      return usage('USAGE_UNKNOWN_FLAG', command, 'a flag that it has', first);
    case 'commander.unknownCommand':
      return usage('USAGE_UNKNOWN_COMMAND', command, 'one of its commands', first);
    case 'commander.missingArgument':
      return usage('USAGE_MISSING_ARGUMENT', command, first.toUpperCase(), 'nothing');
    case 'commander.excessArguments':
      return usage('USAGE_EXTRA_ARGUMENT', command, ...counts(error.message));
    case 'commander.optionMissingArgument':
      return usage('USAGE_MISSING_VALUE', `${command} ${flag(first)}`, 'a value', 'none');
    case 'commander.missingMandatoryOptionValue':
      return usage('USAGE_MISSING_FLAG', command, first, 'no such flag');
    case 'commander.conflictingOption':
      return new UsageError({
        code: 'USAGE_CONFLICT',
        where: `${command} ${flag(first)}`,
        expected: `${flag(first)} or ${flag(second)}`,
        got: 'both',
        fix: 'Leave one of them out.',
      });
    default:
      return usage('USAGE', command, 'a command line that it takes', error.message);
  }
}

/** `--batch-size <B>` is the flag `--batch-size`. */
function flag(declaration: string): string {
  return declaration.split(' ')[0] ?? declaration;
}

/** "too many arguments for 'train'. Expected 1 argument but got 2." */
function counts(message: string): [expected: string, got: string] {
  const [, expected = 'fewer arguments', got = 'more'] =
    /Expected (\d+ arguments?) but got (\d+)/.exec(message) ?? [];
  return [expected === '0 arguments' ? 'no arguments' : `at most ${expected}`, got];
}

function sentence(text: string): string {
  return text.startsWith('lockstep') ? `\`${text.replace(' --help', ' --help`')}` : text;
}

/**
 * Also what only the configuration or the data can tell of a flag or an argument (A, B): an unknown preset, two flags
 * at odds, an example that there is not.
 */
export function isUsageError(error: unknown): boolean {
  const details = errorDetails(error);
  return (
    error instanceof UsageError ||
    details?.code === 'ENGINE_UNKNOWN' ||
    (details !== undefined &&
      details.code.startsWith('CONFIG_') &&
      /^(--|[A-Z]+$)/.test(details.where))
  );
}
