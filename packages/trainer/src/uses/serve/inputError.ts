/** Values that somebody asks about and that a model cannot take. */
import { errorDetails, type ErrorDetails } from '@lockstep/protocol';
import { TrainerError } from '../../errors.ts';

export class InputError extends TrainerError {}

/** What the table's codec says of the one row it was given, as an InputError; other errors as they are. */
export function asInputError(error: unknown): unknown {
  const details = errorDetails(error);
  if (!details?.code.startsWith('DATA_')) return error;
  const where = details.where.replace(', row 1', '');
  const fix =
    'Mend the value, or send null where it is not known; GET /model names the columns. ' +
    'A server with --unknown ignore takes as missing what training did not see.';
  return new InputError({ ...details, where, fix }, { cause: error });
}

export function wrongInput(
  where: string,
  details: Omit<ErrorDetails, 'code' | 'where'> & { readonly code?: string },
): InputError {
  return new InputError({ code: 'SERVE_INPUT', where, ...details });
}

/** For an answer that is none: JSON has no word for what is not finite. */
export function notFinite(where: string, got: string): InputError {
  return wrongInput(where, {
    code: 'SERVE_NOT_FINITE',
    expected: 'an input that the model has a finite answer for',
    got,
    fix: 'Look for values that are far from those of the training data; if every input does so, the weights are not finite.',
  });
}

/** A value in a message: what it is, not all of it. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  // JSON reads 1e400 as infinity, for which it has no word.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number out of range';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
