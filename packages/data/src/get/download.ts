/**
 * One file over HTTP. What has come is kept in `NAME.part` beside it, and a download that was cut goes on
 * from there, now or the next time; the file has its name only when its checksum is right.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { DataError } from '../errors.ts';
import { fileError } from '../sources/fileErrors.ts';
import { badStatus, brokenOff, noNetwork, wrongChecksum } from './getErrors.ts';
import type { RemoteFile } from './knownData.ts';

export interface DownloadOptions {
  /** For messages: how the data is had without the server, a sentence or two. */
  readonly byHand: string;
  readonly signal?: AbortSignal | undefined;
  /** A server that sends nothing for so long is given up. Default: a minute. */
  readonly stallMs?: number;
  /** `total`: 0 where the server does not say. */
  onProgress?(progress: { readonly done: number; readonly total: number }): void;
}

const attempts = 5;
const defaultStallMs = 60_000;

/** Throws DATA_NETWORK, DATA_CHECKSUM, or what the file system says. */
export async function download(
  remote: RemoteFile,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const part = `${path}.part`;
  for (let fruitless = 0; ;) {
    const before = await sizeOf(part);
    const failure = await receive(remote, part, before, options);
    options.signal?.throwIfAborted();
    if (failure === undefined) break;
    fruitless = (await sizeOf(part)) > before ? 0 : fruitless + 1;
    // A server that was never reached will not be the next moment either.
    if (before === 0 && fruitless > 0) throw noNetwork(remote, options.byHand, failure);
    if (fruitless === attempts) throw brokenOff(remote, before, failure);
  }
  const got = await checksumOf(part, remote.checksum.algorithm);
  if (got !== remote.checksum.hex) {
    await rm(part, { force: true });
    throw wrongChecksum(remote, got);
  }
  await rename(part, path);
}

/** Whether the file is there already, whole. */
export async function isComplete(remote: RemoteFile, path: string): Promise<boolean> {
  if ((await sizeOf(path)) === 0) return false;
  return (await checksumOf(path, remote.checksum.algorithm)) === remote.checksum.hex;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}

async function checksumOf(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw fileError(path, error);
  }
  return hash.digest('hex');
}

/** Appends to `part` what comes; an error of the network is returned, any other thrown. */
async function receive(
  { url }: RemoteFile,
  part: string,
  have: number,
  { signal, stallMs = defaultStallMs, onProgress }: Omit<DownloadOptions, 'byHand'>,
): Promise<unknown> {
  const stalled = new AbortController();
  const alarm = setTimeout(
    () => stalled.abort(new Error(`nothing came for ${stallMs / 1000} seconds`)),
    stallMs,
  );
  try {
    const response = await fetch(url, {
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
      signal: AbortSignal.any([stalled.signal, ...(signal ? [signal] : [])]),
    });
    // All of it is there, or more than there should be: the checksum tells.
    if (response.status === 416 && have > 0) return undefined;
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw badStatus(url, response.status);
    }
    // A server that knows no ranges begins anew.
    const start = response.status === 206 ? have : 0;
    const length = Number(response.headers.get('content-length') ?? 0);
    const total = length > 0 ? start + length : 0;
    await append(part, start, response.body, (done) => {
      alarm.refresh();
      onProgress?.({ done, total });
    });
    return undefined;
  } catch (error) {
    if (error instanceof DataError) throw error;
    return stalled.signal.aborted ? stalled.signal.reason : error;
  } finally {
    clearTimeout(alarm);
  }
}

async function append(
  path: string,
  start: number,
  body: AsyncIterable<Uint8Array>,
  onChunk: (done: number) => void,
): Promise<void> {
  const file = await open(path, start === 0 ? 'w' : 'a').catch((error: unknown) => {
    throw fileError(path, error);
  });
  try {
    let done = start;
    for await (const chunk of body) {
      await file.writeFile(chunk).catch((error: unknown) => {
        throw fileError(path, error);
      });
      onChunk((done += chunk.length));
    }
  } finally {
    await file.close();
  }
}
