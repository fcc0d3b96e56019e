/** An IDX or NPY file, plain, gzip or in an archive: what its header says, and its bytes as a stream. */
import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { DataError } from '../errors.ts';
import { formatShape } from '../shape.ts';
import { arrayBytes, type ArrayHeader } from './arrayHeader.ts';
import { fileError } from './fileErrors.ts';
import { fileBytes, streamBytes, type OpenBytes } from './fileStream.ts';
import { looksLikeIdx, parseIdxHeader } from './idx.ts';
import { looksLikeNpy, parseNpyHeader } from './npy.ts';

export interface ArrayFile {
  /** For messages: the file, and of an archive the member. */
  readonly path: string;
  readonly header: ArrayHeader;
  /** Header and values, decompressed. */
  readonly open: OpenBytes;
}

/** More than any IDX header, or any NPY header of a plain dtype, compressed or not. */
export const headBytes = 1024;

/** Deflate cannot compress better than this. */
const maxCompression = 1032;

/** Reads the header and checks it against the size of the file as far as that is known. */
export async function openArrayFile(path: string): Promise<ArrayFile> {
  try {
    const { bytes, size } = await readHead(path);
    if (size === 0) throw emptyFile(path);
    const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    if (!gzip && path.endsWith('.gz')) throw notGzip(path);
    // The head of a longer stream ends early by design: Z_SYNC_FLUSH takes it as it is.
    const head = gzip ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes;
    const file = { path, header: parseHeader(path, head), open: () => fileBytes(path, gzip) };
    checkSize(file, size, gzip);
    return file;
  } catch (error) {
    throw fileError(path, error);
  }
}

async function readHead(path: string): Promise<{ bytes: Buffer; size: number }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return { bytes: buffer.subarray(0, bytesRead), size };
  } finally {
    await file.close();
  }
}

/** Throws DATA_BAD_MAGIC where it is neither. */
function parseHeader(path: string, head: Buffer): ArrayHeader {
  if (looksLikeIdx(head)) return parseIdxHeader(path, head);
  if (looksLikeNpy(head)) return parseNpyHeader(path, head);
  throw new DataError({
    code: 'DATA_BAD_MAGIC',
    where: path,
    expected: 'an IDX file (magic number 00 00 08 03 for images) or an NPY file ("\\x93NUMPY")',
    got: `a file that starts with ${
      head
        .subarray(0, 4)
        .toString('hex')
        .replace(/..(?=.)/g, '$& ') || 'nothing'
    }`,
    fix: `Pass IDX or NPY files, plain or gzip, CIFAR's binary files (their own names, or NAME.bin of whole records of 3073 or 3074 bytes), or a folder of PNG or JPEG images; or say what else it is: table:${path}, text:${path}, ratings:${path}.`,
  });
}

function checkSize(file: ArrayFile, size: number, gzip: boolean): void {
  const expected = arrayBytes(file.header);
  if (gzip ? expected > size * maxCompression : expected !== size) {
    const got = gzip ? `at most ${size * maxCompression}` : `${size}`;
    throw wrongSize(file, got, gzip || size < expected);
  }
}

/**
 * Passes the decompressed bytes to `consume`, in order, then checks that there were as many as the
 * header says. `position` is the chunk's offset in the decompressed file.
 */
export async function streamArrayFile(
  file: ArrayFile,
  consume: (chunk: Buffer, position: number) => void | Promise<void>,
): Promise<void> {
  const expected = arrayBytes(file.header);
  const got = await streamBytes(file.path, file.open, async (chunk, position) => {
    // Bytes past the end are counted, not consumed.
    if (position < expected) await consume(chunk.subarray(0, expected - position), position);
  });
  if (got !== expected) throw wrongSize(file, `${got}`, got < expected);
}

function wrongSize(file: ArrayFile, got: string, tooShort: boolean): DataError {
  return new DataError({
    code: tooShort ? 'DATA_TRUNCATED' : 'DATA_SIZE_MISMATCH',
    where: file.path,
    expected: `${arrayBytes(file.header)} bytes, as its header says (shape ${formatShape(file.header.dims)}, ${file.header.type})`,
    got: `${got} bytes`,
    fix: tooShort
      ? 'The file is cut short or its header is wrong: download or copy it again.'
      : 'The header and the values disagree: download or write the file again.',
  });
}

function emptyFile(path: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where: path,
    expected: 'an IDX or NPY file',
    got: 'an empty file',
    fix: 'Download or copy the file again.',
  });
}

function notGzip(path: string): DataError {
  return new DataError({
    code: 'DATA_BAD_GZIP',
    where: path,
    expected: 'a gzip file, as its name says',
    got: 'a file without the gzip magic number 1f 8b',
    fix: 'Download or copy the file again, or, if it is not compressed, drop .gz from its name.',
  });
}
