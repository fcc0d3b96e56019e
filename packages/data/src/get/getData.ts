/** Fetches a well-known set of data into a folder. What is there already, whole, is not fetched again. */
import { mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DataError } from '../errors.ts';
import { download, isComplete, type DownloadOptions } from './download.ts';
import { noFolder } from './getErrors.ts';
import { knownData, type KnownData, type RemoteFile } from './knownData.ts';
import { unpack } from './unpack.ts';

export interface GetProgress {
  /** Of the file under way: its number, from 1, and its name. */
  readonly file: number;
  readonly files: number;
  readonly name: string;
  /** Bytes; `total` is 0 where the server does not say. */
  readonly done: number;
  readonly total: number;
}

export interface GetOptions extends Pick<DownloadOptions, 'signal' | 'stallMs'> {
  /** Made where it is not there. */
  readonly folder: string;
  onProgress?(progress: GetProgress): void;
}

export interface GetResult {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly home: string;
  readonly folder: string;
  /** In the folder. */
  readonly files: readonly string[];
  /** What `--data` takes. */
  readonly data: string;
  /** Whether all of it was there before. */
  readonly present: boolean;
}

/** Says which archive a folder's files are from. */
const NOTE = '.lockstep-data.json';

/** Throws DATA_NOT_KNOWN where no set is called so. */
export function findKnownData(name: string): KnownData {
  const found = knownData.find((each) => each.name === name);
  if (found) return found;
  throw new DataError({
    code: 'DATA_NOT_KNOWN',
    where: `data get ${name}`,
    expected: `one of ${knownData.map((each) => each.name).join(', ')}`,
    got: JSON.stringify(name),
    fix: 'Choose one of them; other data is read from where you put it.',
  });
}

export async function getData(known: KnownData, options: GetOptions): Promise<GetResult> {
  const { folder } = options;
  const made = await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw noFolder(folder, error);
  });
  try {
    return await getInto(known, options);
  } catch (error) {
    if (made !== undefined) await removeEmpty(folder, made);
    throw error;
  }
}

function copiedByHand(
  { name, files, isBuiltIn }: KnownData,
  remote: RemoteFile,
  folder: string,
): string {
  const others = files.filter((file) => file !== remote).map((file) => file.name);
  const besides = others.length > 0 ? `, ${others.join(', ')} beside it,` : '';
  const copied = `fetch the file elsewhere, copy it to ${join(folder, remote.name)}${besides} and run this again, which checks it.`;
  return isBuiltIn ? `${copied} --data ${name} comes with Lockstep and needs no download.` : copied;
}

/** Folders from this one up to the topmost that was made, as far as nothing lies in them. */
async function removeEmpty(folder: string, topmost: string): Promise<void> {
  const last = dirname(resolve(topmost));
  for (let path = resolve(folder); path !== last; path = dirname(path)) {
    const isEmpty = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isEmpty) return;
  }
}

async function getInto(known: KnownData, options: GetOptions): Promise<GetResult> {
  const { folder } = options;
  const note = await readNote(folder);
  const files: string[] = [];
  let present = true;
  for (const [i, remote] of known.files.entries()) {
    const kept = await stillThere(folder, note[remote.checksum.hex]);
    if (remote.unpack ? kept : await isComplete(remote, join(folder, remote.name))) {
      files.push(...(kept ?? [remote.name]));
      continue;
    }
    present = false;
    const position = { file: i + 1, files: known.files.length, name: remote.name };
    const byHand = copiedByHand(known, remote, folder);
    files.push(...(await fetchFile(remote, position, { ...options, byHand })));
    if (!remote.unpack) continue;
    note[remote.checksum.hex] = files.slice();
    await writeFile(join(folder, NOTE), JSON.stringify(note));
  }
  const { name, title, licence, home, entry } = known;
  const data = entry === undefined ? folder : join(folder, entry);
  return { name, title, licence, home, folder, files, data, present };
}

async function fetchFile(
  remote: RemoteFile,
  position: Pick<GetProgress, 'file' | 'files' | 'name'>,
  { folder, byHand, signal, stallMs, onProgress }: GetOptions & Pick<DownloadOptions, 'byHand'>,
): Promise<readonly string[]> {
  const path = join(folder, remote.name);
  // An archive is there where unpacking it was interrupted.
  if (!(remote.unpack && (await isComplete(remote, path)))) {
    await download(remote, path, {
      byHand,
      signal,
      ...(stallMs !== undefined && { stallMs }),
      onProgress: (progress) => onProgress?.({ ...position, ...progress }),
    });
  }
  if (!remote.unpack) return [remote.name];
  const names = await unpack(path, remote.unpack, folder);
  await rm(path);
  return names;
}

async function stillThere(
  folder: string,
  names: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  const found = await Promise.all(
    (names ?? []).map((name) => stat(join(folder, name)).catch(() => undefined)),
  );
  return found.every((each) => each !== undefined) ? names : undefined;
}

/** The files that were unpacked, by the checksum of their archive. */
async function readNote(folder: string): Promise<Record<string, readonly string[] | undefined>> {
  try {
    return JSON.parse(await readFile(join(folder, NOTE), 'utf8')) as Record<string, string[]>;
  } catch {
    return {};
  }
}
