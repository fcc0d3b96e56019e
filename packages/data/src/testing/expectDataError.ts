import { expect } from 'vitest';
import { DataError, type DataErrorCode } from '../errors.ts';

/**
 * Expects a DataError with this code whose message holds each of `mentions`, and that says where,
 * what was expected, what came, and how to mend it.
 */
export async function expectDataError(
  action: () => unknown,
  code: DataErrorCode,
  ...mentions: readonly string[]
): Promise<DataError> {
  const error: unknown = await Promise.resolve()
    .then(action)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(DataError);
  if (!(error instanceof DataError)) throw new Error('Not a DataError.');
  expect(error.code).toBe(code);
  for (const part of [error.where, error.expected, error.got, error.fix]) {
    expect(part).not.toBe('');
    expect(error.message).toContain(part);
  }
  for (const mention of mentions) expect(error.message).toContain(mention);
  return error;
}
