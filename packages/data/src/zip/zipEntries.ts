/** The files in a zip archive, each checked against its length and checksum as it is read. */
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';

export interface ZipEntry {
  readonly name: string;
  /** Decompressed. */
  readonly size: number;
  /** Opens the file afresh. Throws an Error where it is damaged, at its end at the latest. */
  bytes(): AsyncIterable<Buffer>;
}

/** Of a file, or of one that is in memory. Folders are left out. Throws what the file system throws, or an Error that says what is wrong with the archive. */
export async function zipEntries(source: string | Buffer): Promise<readonly ZipEntry[]> {
  const zip = await openZip(source);
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('/')) entries.push(entry);
    }
  } finally {
    zip.close();
  }
  return entries.map((entry) => ({
    name: entry.fileName,
    size: entry.uncompressedSize,
    bytes: () => entryBytes(source, entry),
  }));
}

async function openZip(source: string | Buffer): Promise<ZipFile> {
  const { fromBufferPromise, openPromise } = await import('yauzl');
  return typeof source === 'string'
    ? openPromise(source, { autoClose: false })
    : fromBufferPromise(source, { autoClose: false });
}

async function* entryBytes(source: string | Buffer, entry: Entry): AsyncGenerator<Buffer> {
  const zip = await openZip(source);
  try {
    let checksum = 0;
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      const bytes = chunk as Buffer;
      checksum = crc32(bytes, checksum);
      yield bytes;
    }
    if (checksum !== entry.crc32) throw new Error('a checksum that does not match its content');
  } finally {
    zip.close();
  }
}
