/** Takes files out of an archive that was checked. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '../errors.ts';
import { fileError } from '../sources/fileErrors.ts';
import { zipEntries } from '../zip/zipEntries.ts';
import type { RemoteFile } from './knownData.ts';

/** Returns the names of the files, relative to `folder`. */
export async function unpack(
  archive: string,
  { format, keep }: NonNullable<RemoteFile['unpack']>,
  folder: string,
): Promise<string[]> {
  const names: string[] = [];
  const take = async (member: string, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
    const name = keep.exec(member)?.[1];
    if (name === undefined) return;
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(bytes, createWriteStream(path));
    names.push(name);
  };
  try {
    if (format === 'zip') {
      for (const entry of await zipEntries(archive)) {
        if (keep.test(entry.name)) await take(entry.name, entry.bytes());
      }
    } else {
      await unpackTar(archive, keep, take);
    }
  } catch (error) {
    throw fileError(archive, error);
  }
  if (names.length === 0) throw nothingToKeep(archive);
  return names.sort();
}

async function unpackTar(
  archive: string,
  keep: RegExp,
  take: (member: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const { Parser } = await import('tar');
  const taken: Promise<void>[] = [];
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({
      strict: true,
      filter: (path) => keep.test(path),
      onReadEntry: (entry) => {
        taken.push(take(entry.path, entry).catch(reject));
      },
    });
    parser.on('end', resolve).on('error', reject);
    createReadStream(archive).on('error', reject).pipe(parser);
  });
  await Promise.all(taken);
}

function nothingToKeep(archive: string): DataError {
  return new DataError({
    code: 'DATA_EMPTY',
    where: archive,
    expected: 'an archive with the files of that data',
    got: 'another one',
    fix: 'Delete it and try again.',
  });
}
