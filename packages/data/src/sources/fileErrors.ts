/** What Node's file system and zlib report, as data errors. */
import { DataError, type DataErrorDetails } from '../errors.ts';

/** Wraps an error met while opening or reading `path`; a DataError passes as it is. */
export function fileError(path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  return new DataError({ where: path, ...describe(code, message) }, { cause: error });
}

function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

function describe(code: string, message: string): Omit<DataErrorDetails, 'where'> {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return {
      code: 'DATA_NOT_FOUND',
      expected: 'a file or folder',
      got: 'nothing at that path',
      fix: 'Check the path; `mnist`, `sprites` and `tastes`, without a slash, name the data that come with Lockstep.',
    };
  }
  if (code === 'EISDIR') {
    return {
      code: 'DATA_UNREADABLE',
      expected: 'a file',
      got: 'a folder',
      fix: 'Name a file, or data of a kind that is read from folders: images or audio.',
    };
  }
  if (code === 'Z_BUF_ERROR') {
    return {
      code: 'DATA_TRUNCATED',
      expected: 'a complete gzip file',
      got: 'one that ends early',
      fix: 'Download or copy the file again.',
    };
  }
  if (code.startsWith('Z_')) {
    return {
      code: 'DATA_BAD_GZIP',
      expected: 'a gzip file',
      got: `a corrupt one (${message})`,
      fix: 'Download or copy the file again, or, if it is not compressed, drop .gz from its name.',
    };
  }
  return {
    code: 'DATA_UNREADABLE',
    expected: 'a readable file or folder',
    got: `an error (${message})`,
    fix: 'Check the permissions and the disk.',
  };
}
