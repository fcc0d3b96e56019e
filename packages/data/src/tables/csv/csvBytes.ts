/** The bytes of a CSV file, decompressed where they are gzip, whatever the name says. */
import { open, type FileHandle } from 'node:fs/promises';
import { DataError } from '../../errors.ts';
import { fileError } from '../../sources/fileErrors.ts';
import { byteChunks } from '../../text/byteChunks.ts';

const chunkBytes = 1 << 18;

/** Chunks in order; each is void as soon as the next one is asked for. Throws DataError. */
export async function* csvBytes(path: string): AsyncGenerator<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    if ((await file.stat()).isDirectory()) throw folder(path);
    const buffer = Buffer.alloc(chunkBytes);
    for (let isFirst = true; ; isFirst = false) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return;
      if (isFirst && bytesRead >= 2 && buffer[0] === 0x1f && buffer[1] === 0x8b) {
        yield* byteChunks(path);
        return;
      }
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw fileError(path, error);
  } finally {
    await file?.close();
  }
}

/** As many bytes as there are, up to about `wanted`; and whether that is all of the file. */
export async function csvHead(
  path: string,
  wanted: number,
): Promise<{ readonly bytes: Buffer; readonly isAll: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of csvBytes(path)) {
    parts.push(Buffer.from(chunk));
    length += chunk.length;
    if (length >= wanted) return { bytes: Buffer.concat(parts), isAll: false };
  }
  return { bytes: Buffer.concat(parts), isAll: true };
}

function folder(path: string): DataError {
  return new DataError({
    code: 'DATA_WRONG_KIND',
    where: path,
    expected: 'one file, CSV or Parquet',
    got: 'a folder',
    fix: 'Name the file in it.',
  });
}
