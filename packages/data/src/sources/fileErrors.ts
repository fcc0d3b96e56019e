/** What Node's file system and zlib report, as data errors. */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataError, type DataErrorDetails } from '../errors.ts';

/** Wraps an error met while opening or reading `path`; a DataError passes as it is. */
export function fileError(path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  const link = code === 'ENOENT' ? danglingLink(path) : undefined;
  if (link) return new DataError({ where: path, ...describeLink(path, link) }, { cause: error });
  return new DataError({ where: path, ...describe(code, message) }, { cause: error });
}

interface Link {
  readonly path: string;
  readonly target: string;
}

/** The path, or a folder that it lies in, where that is a symbolic link to nothing. */
function danglingLink(path: string): Link | undefined {
  for (let at = path; ; at = dirname(at)) {
    try {
      if (lstatSync(at).isSymbolicLink() && !existsSync(at)) {
        return { path: at, target: readlinkSync(at) };
      }
    } catch {
      // What is not there is no link.
    }
    if (at === dirname(at)) return undefined;
  }
}

function describeLink(path: string, link: Link): Omit<DataErrorDetails, 'where'> {
  const which = link.path === path ? 'a symbolic link' : `the symbolic link ${link.path}`;
  return {
    code: 'DATA_NOT_FOUND',
    expected: 'a file or folder',
    got: `${which} to ${link.target}, where nothing is`,
    fix: 'Put back what it stands for, or make the link anew.',
  };
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
