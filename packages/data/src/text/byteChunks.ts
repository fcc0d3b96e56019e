/** The bytes of a file, decompressed where they are gzip, whatever the name says. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { fileError } from '../sources/fileErrors.ts';

const chunkBytes = 1 << 18;

/** Chunks of any length, in order. Throws DataError. */
export async function* byteChunks(path: string): AsyncGenerator<Buffer> {
  const gzip = await isGzip(path);
  const raw = createReadStream(path, { highWaterMark: chunkBytes });
  try {
    if (gzip) {
      const gunzip = createGunzip({ chunkSize: chunkBytes });
      raw.on('error', (error) => gunzip.destroy(error));
      for await (const chunk of raw.pipe(gunzip)) yield chunk as Buffer;
    } else {
      for await (const chunk of raw) yield chunk as Buffer;
    }
  } catch (error) {
    throw fileError(path, error);
  } finally {
    raw.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}
