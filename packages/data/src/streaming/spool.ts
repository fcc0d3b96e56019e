/**
 * Examples that can only be had one after another, written once, as they are stored in memory, to a
 * file from which any can be read. The file lies in the system's folder for temporary files (TMPDIR)
 * and has no name from the moment it is open, so it is gone when its process is, however that ends.
 */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '../errors.ts';
import type { ExampleReader, ExampleSource } from '../sources/exampleSource.ts';

/** Read through rather than stepped over: a second read costs as much as so many bytes. */
const GAP_BYTES = 65536;
const MOST_BYTES = 1 << 24;

export interface SpoolOptions {
  /** Ends the writing; what is written is gone, and its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Told of examples written, of how many. */
  onSpool?(done: number, count: number): void;
}

/** @param size bytes of one example */
export async function spool(
  {
    where,
    count,
    scan,
  }: Pick<ExampleSource, 'where' | 'count'> & Required<Pick<ExampleSource, 'scan'>>,
  size: number,
  { signal, onSpool }: SpoolOptions = {},
): Promise<ExampleReader> {
  const file = await openNameless().catch((error: unknown) => {
    throw notWritten(where, error);
  });
  // A source may take what `take` throws for an error of its own.
  let unwritten: { readonly cause: unknown } | undefined;
  try {
    await scan(async (rows, first) => {
      signal?.throwIfAborted();
      await writeFully(file, rows, first * size).catch((cause: unknown) => {
        unwritten = { cause };
        throw cause;
      });
      onSpool?.(first + rows.length / size, count);
    });
  } catch (error) {
    await file.close();
    signal?.throwIfAborted();
    throw unwritten ? notWritten(where, unwritten.cause) : error;
  }
  return {
    read: (target, positions) => readRecords(file, size, target, positions),
    close: () => file.close(),
  };
}

async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-spool-'));
  try {
    return await open(join(folder, 'examples'), 'wx+');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Neighbours are read together, with what lies between them; and all such spans at the same time, since
 * each waits for a thread of its own where workers keep all cores busy.
 */
async function readRecords(
  file: FileHandle,
  size: number,
  target: Uint8Array,
  positions: Uint32Array,
): Promise<void> {
  const mostRows = Math.max(1, Math.floor(MOST_BYTES / size));
  const mostGap = Math.floor(GAP_BYTES / size);
  const spans: Promise<void>[] = [];
  for (let begin = 0; begin < positions.length;) {
    const first = positions[begin] ?? 0;
    let end = endOfRun(positions, begin, begin + mostRows);
    for (; end < positions.length; end++) {
      const position = positions[end] ?? 0;
      const gap = position - (positions[end - 1] ?? 0) - 1;
      if (gap > mostGap || position - first >= mostRows) break;
    }
    const span = target.subarray(begin * size, end * size);
    spans.push(readSpan(file, size, span, positions.subarray(begin, end)));
    begin = end;
  }
  await Promise.all(spans);
}

async function readSpan(
  file: FileHandle,
  size: number,
  target: Uint8Array,
  positions: Uint32Array,
): Promise<void> {
  const first = positions[0] ?? 0;
  const length = ((positions.at(-1) ?? 0) - first + 1) * size;
  const isDense = length === target.length;
  const into = isDense ? target : new Uint8Array(length);
  await readFully(file, into, first * size);
  // Neighbours are copied together: to copy an example by itself costs more than its bytes.
  for (let i = 0; i < positions.length && !isDense;) {
    const end = endOfRun(positions, i, positions.length);
    const from = ((positions[i] ?? 0) - first) * size;
    target.set(into.subarray(from, from + (end - i) * size), i * size);
    i = end;
  }
}

/** Behind the positions from `begin` on that follow each other without a gap, no further than `most`. */
function endOfRun(positions: Uint32Array, begin: number, most: number): number {
  const first = positions[begin] ?? 0;
  const limit = Math.min(most, positions.length);
  if ((positions[limit - 1] ?? 0) - first === limit - 1 - begin) return limit;
  let end = begin + 1;
  while (end < limit && positions[end] === first + end - begin) end++;
  return end;
}

/** A disk that is nearly full takes a part. */
async function writeFully(file: FileHandle, from: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < from.length;) {
    const { bytesWritten } = await file.write(from, at, from.length - at, position + at);
    at += bytesWritten;
  }
}

async function readFully(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, into.length - at, position + at);
    if (bytesRead === 0) throw new Error('a temporary file is shorter than it was');
    at += bytesRead;
  }
}

function notWritten(where: string, cause: unknown): DataError {
  return new DataError(
    {
      code: 'DATA_NOT_SPOOLED',
      where,
      expected: `room in ${tmpdir()} for its examples, since they are more than the memory limit`,
      got: cause instanceof Error ? cause.message : String(cause),
      fix: 'Make room, name another folder for temporary files (TMPDIR), or raise --memory-limit.',
    },
    { cause },
  );
}
