/** What can go wrong with a download. */
import { DataError } from '../errors.ts';
import type { RemoteFile } from './knownData.ts';

/** `byHand`: how the data is had without that server. */
export function noNetwork({ url }: RemoteFile, byHand: string, cause: unknown): DataError {
  return new DataError({
    code: 'DATA_NETWORK',
    where: url,
    expected: 'an answer from that server',
    got: `none (${reasonOf(cause)})`,
    fix: `There is no network here, or none to that server. Try again later, or: ${byHand}`,
  });
}

export function brokenOff({ url }: RemoteFile, bytes: number, cause: unknown): DataError {
  return new DataError({
    code: 'DATA_NETWORK',
    where: url,
    expected: 'the whole file',
    got: `${bytes} bytes, and then none any more (${reasonOf(cause)})`,
    fix: 'Run the command again: it goes on where this broke off.',
  });
}

export function badStatus(url: string, status: number): DataError {
  return new DataError({
    code: 'DATA_NETWORK',
    where: url,
    expected: 'the file',
    got: `HTTP status ${status}`,
    fix:
      status >= 500
        ? 'The server has a problem of its own: try again later.'
        : 'The file is no longer there, or not for everybody: see the home page of the data.',
  });
}

export function wrongChecksum({ url, checksum }: RemoteFile, got: string): DataError {
  return new DataError({
    code: 'DATA_CHECKSUM',
    where: url,
    expected: `the file whose ${checksum.algorithm} is ${checksum.hex}`,
    got: `one with ${got}, which was deleted`,
    fix: 'Try again; if it stays so, the file was changed, or something on the way changes it.',
  });
}

/** Node's fetch says "fetch failed", and its cause why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof AggregateError) return reasonOf(error.cause.errors[0]);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

export function noFolder(path: string, cause: unknown): DataError {
  return new DataError(
    {
      code: 'DATA_UNREADABLE',
      where: path,
      expected: 'a folder that can be made',
      got: cause instanceof Error ? cause.message : String(cause),
      fix: 'Choose another folder with --out, or change the permissions of the one that it is to lie in.',
    },
    { cause },
  );
}
