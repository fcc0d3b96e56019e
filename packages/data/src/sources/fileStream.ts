/** The bytes of a file in order, decompressed where it is gzip. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fileError } from './fileErrors.ts';

/** Opens the bytes afresh, from the first one. */
export type OpenBytes = () => AsyncIterable<Buffer>;

/** Large chunks: 47 MB in chunks of 16 KiB take twice as long. */
const chunkBytes = 1 << 18;

/**
 * Not `pipeline`, which takes it for an abort when gunzip ends before its input does: a gzip file
 * may be padded with zeros.
 *
 * Decompression runs in libuv's thread pool, so files read at the same time use several cores and
 * the calling thread stays free; a thread of our own would cost its start-up and gain nothing.
 */
export function fileBytes(path: string, gzip: boolean): Readable {
  const raw = createReadStream(path, { highWaterMark: chunkBytes });
  if (!gzip) return raw;
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  raw.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => raw.destroy());
  return raw.pipe(gunzip);
}

/**
 * Passes the bytes to `consume`, in order; `position` is the chunk's offset. Returns how many there
 * were. Throws DataError.
 */
export async function streamBytes(
  where: string,
  open: OpenBytes,
  consume: (chunk: Buffer, position: number) => void | Promise<void>,
): Promise<number> {
  let position = 0;
  try {
    for await (const chunk of open()) {
      await consume(chunk, position);
      position += chunk.length;
    }
  } catch (error) {
    throw fileError(where, error);
  }
  return position;
}
