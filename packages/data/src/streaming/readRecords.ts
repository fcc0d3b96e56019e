/**
 * Records of a file, wherever they lie. Neighbours are read together, with what lies between them; and all such
 * spans at the same time, since each waits for a thread of its own where workers keep all cores busy.
 */
import type { FileHandle } from 'node:fs/promises';
import { readFully } from './temporaryFile.ts';

/** Read through rather than stepped over: a second read costs as much as so many bytes. */
const GAP_BYTES = 65536;
const MOST_BYTES = 1 << 24;

export interface Records {
  readonly file: FileHandle;
  /** Byte at which a record begins, and the one before it ends. */
  startOf(position: number): number;
}

/** One after another into `target`. @param positions ascending */
export async function readRecords(
  records: Records,
  target: Uint8Array,
  positions: Uint32Array,
): Promise<void> {
  const { startOf } = records;
  const spans: Promise<void>[] = [];
  let used = 0;
  for (let begin = 0; begin < positions.length;) {
    const from = startOf(positions[begin] ?? 0);
    let bytes = 0;
    let end = begin;
    while (end < positions.length) {
      const next = endOfRun(positions, end);
      const [first, behind] = runBytes(records, positions, end, next);
      if (end > begin && !isNear(records, positions, end, behind - from)) break;
      bytes += behind - first;
      end = next;
    }
    const into = target.subarray(used, used + bytes);
    spans.push(readSpan(records, into, positions.subarray(begin, end)));
    used += bytes;
    begin = end;
  }
  await Promise.all(spans);
}

/** Whether the run that begins at `at` is read with what lies before it, as so many bytes. */
function isNear(
  { startOf }: Records,
  positions: Uint32Array,
  at: number,
  spanBytes: number,
): boolean {
  const gap = startOf(positions[at] ?? 0) - startOf((positions[at - 1] ?? 0) + 1);
  return gap <= GAP_BYTES && spanBytes <= MOST_BYTES;
}

async function readSpan(
  records: Records,
  target: Uint8Array,
  positions: Uint32Array,
): Promise<void> {
  const [from, behind] = runBytes(records, positions, 0, positions.length);
  const isDense = behind - from === target.length;
  const into = isDense ? target : new Uint8Array(behind - from);
  await readFully(records.file, into, from);
  let used = 0;
  // Neighbours are copied together: to copy a record by itself costs more than its bytes.
  for (let i = 0; i < positions.length && !isDense;) {
    const end = endOfRun(positions, i);
    const [first, last] = runBytes(records, positions, i, end);
    target.set(into.subarray(first - from, last - from), used);
    used += last - first;
    i = end;
  }
}

/** Where the records at positions[begin] ... positions[end - 1] begin and end. */
function runBytes({ startOf }: Records, positions: Uint32Array, begin: number, end: number) {
  return [startOf(positions[begin] ?? 0), startOf((positions[end - 1] ?? 0) + 1)] as const;
}

/** Behind the positions from `begin` on that follow each other without a gap. */
function endOfRun(positions: Uint32Array, begin: number): number {
  const first = positions[begin] ?? 0;
  const limit = positions.length;
  if ((positions[limit - 1] ?? 0) - first === limit - 1 - begin) return limit;
  let end = begin + 1;
  while (end < limit && positions[end] === first + end - begin) end++;
  return end;
}
