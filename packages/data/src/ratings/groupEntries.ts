/**
 * Ratings that are more than the memory limit, grouped by user: by way of another temporary file, in which users lie
 * in buckets that have room in memory.
 *
 *   entries as they came   |> entries of the same users together   |> rows: each bucket as it would be in memory
 *   12 bytes each          |> 12 bytes each                        |> 8 bytes each
 *
 * Only the last of these files is kept.
 */
import type { FileHandle } from 'node:fs/promises';
import type { SpoolOptions } from '../streaming/spool.ts';
import { openTemporary, readFully } from '../streaming/temporaryFile.ts';
import { bytesOf, ENTRY_BYTES, ENTRY_WORDS, writeEntries, type EntryFile } from './entryFile.ts';
import type { GroupedRows } from './groupedRows.ts';
import { rowCount, sparseRows, type SparseRows } from './sparseRows.ts';

/** Of the memory limit: a bucket, of which grouping makes three more, or what waits to be written to them. */
const BUCKET_SHARE = 1 / 8;
const READ_BYTES = 1 << 20;

export interface GroupOptions extends SpoolOptions {
  /** For messages. */
  readonly where: string;
  readonly memoryLimit: number;
  /** Users with fewer are left out. */
  readonly leastRatings: number;
}

/** Closes the file of the entries. Throws DATA_NOT_SPOOLED. */
export async function groupEntries(
  { file, counts }: Pick<EntryFile, 'file' | 'counts'>,
  options: GroupOptions,
): Promise<GroupedRows> {
  const { where, memoryLimit, leastRatings, signal, onSpool } = options;
  const buckets = cutBuckets(counts, Math.floor((BUCKET_SHARE * memoryLimit) / ENTRY_BYTES));
  const files = [file];
  try {
    const sorted = buckets.length === 1 ? file : await openTemporary(where);
    files.push(sorted);
    if (sorted !== file) {
      await scatter(file, sorted, buckets, options);
      await file.close();
      files.shift();
    }
    const grouped = await openTemporary(where);
    files.push(grouped);
    const offsets = new Float64Array(counts.length + 1);
    const users = new Uint32Array(counts.length);
    let rows = 0;
    for (const bucket of buckets) {
      signal?.throwIfAborted();
      const all = await readBucket(sorted, bucket);
      const sizes = Array.from(
        { length: rowCount(all) },
        (_, row) => (all.offsets[row + 1] ?? 0) - (all.offsets[row] ?? 0),
      );
      const kept = sizes.map((size) => size >= leastRatings);
      await writeEntries(where, grouped, entryBytes(all, kept), 8 * (offsets[rows] ?? 0));
      for (const [row, size] of sizes.entries()) {
        if (!kept[row]) continue;
        users[rows] = bucket.firstUser + row;
        offsets[rows + 1] = (offsets[rows] ?? 0) + size;
        rows++;
      }
      onSpool?.(bucket.firstUser + bucket.users, counts.length);
    }
    files.pop();
    return { file: grouped, offsets: offsets.slice(0, rows + 1), users: users.slice(0, rows) };
  } finally {
    for (const each of new Set(files)) await each.close();
  }
}

/** Users that follow each other, and where their entries are. */
interface Bucket {
  readonly firstUser: number;
  readonly users: number;
  readonly firstEntry: number;
  readonly entries: number;
}

/** As many users as have no more entries, or one who has. */
function cutBuckets(counts: Uint32Array, mostEntries: number): Bucket[] {
  const buckets: Bucket[] = [];
  let [firstUser, firstEntry, entries] = [0, 0, 0];
  const end = (user: number): void => {
    buckets.push({ firstUser, users: user - firstUser, firstEntry, entries });
    [firstUser, firstEntry, entries] = [user, firstEntry + entries, 0];
  };
  counts.forEach((count, user) => {
    if (entries > 0 && entries + count > mostEntries) end(user);
    entries += count;
  });
  end(counts.length);
  return buckets;
}

/** Entries of a bucket keep their order. */
async function scatter(
  from: FileHandle,
  into: FileHandle,
  buckets: readonly Bucket[],
  { where, memoryLimit, signal }: GroupOptions,
): Promise<void> {
  const bucketOf = bucketsOfUsers(buckets);
  const share = (BUCKET_SHARE * memoryLimit) / ENTRY_BYTES / buckets.length;
  const room = ENTRY_WORDS * Math.max(1, Math.floor(share));
  const waiting = new Uint32Array(room * buckets.length);
  const used = new Uint32Array(buckets.length);
  const next = Float64Array.from(buckets, ({ firstEntry }) => ENTRY_BYTES * firstEntry);
  const empty = async (bucket: number): Promise<void> => {
    const words = waiting.subarray(bucket * room, bucket * room + (used[bucket] ?? 0));
    const at = next[bucket] ?? 0;
    next[bucket] = at + words.byteLength;
    used[bucket] = 0;
    await writeEntries(where, into, bytesOf(words), at);
  };
  const { firstEntry, entries } = buckets.at(-1) ?? { firstEntry: 0, entries: 0 };
  const total = firstEntry + entries;
  const most = Math.max(1, Math.floor(Math.min(READ_BYTES, BUCKET_SHARE * memoryLimit) / ENTRY_BYTES)); // prettier-ignore
  const read = new Uint32Array(ENTRY_WORDS * most);
  for (let first = 0; first < total; first += most) {
    signal?.throwIfAborted();
    const words = read.subarray(0, ENTRY_WORDS * Math.min(most, total - first));
    await readFully(from, bytesOf(words), ENTRY_BYTES * first);
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const bucket = bucketOf[words[at] ?? 0] ?? 0;
      const to = bucket * room + (used[bucket] ?? 0);
      for (let k = 0; k < ENTRY_WORDS; k++) waiting[to + k] = words[at + k] ?? 0;
      used[bucket] = (used[bucket] ?? 0) + ENTRY_WORDS;
      if (used[bucket] === room) await empty(bucket);
    }
  }
  for (const bucket of buckets.keys()) await empty(bucket);
}

function bucketsOfUsers(buckets: readonly Bucket[]): Uint32Array {
  const last = buckets.at(-1);
  const bucketOf = new Uint32Array(last ? last.firstUser + last.users : 0);
  buckets.forEach(({ firstUser, users }, bucket) => {
    bucketOf.fill(bucket, firstUser, firstUser + users);
  });
  return bucketOf;
}

async function readBucket(from: FileHandle, bucket: Bucket): Promise<SparseRows> {
  const { firstUser, users, firstEntry, entries } = bucket;
  const words = new Uint32Array(ENTRY_WORDS * entries);
  await readFully(from, bytesOf(words), ENTRY_BYTES * firstEntry);
  const values = new Float32Array(words.buffer);
  const [rows, places] = [new Uint32Array(entries), new Uint32Array(entries)];
  const weights = new Float32Array(entries);
  for (let entry = 0; entry < entries; entry++) {
    rows[entry] = (words[ENTRY_WORDS * entry] ?? 0) - firstUser;
    places[entry] = words[ENTRY_WORDS * entry + 1] ?? 0;
    weights[entry] = values[ENTRY_WORDS * entry + 2] ?? 0;
  }
  return sparseRows(users, { rows, places, weights });
}

/** Item and weight of each entry, of the rows that are kept. */
function entryBytes(rows: SparseRows, kept: readonly boolean[]): Uint8Array {
  const words = new Uint32Array(2 * rows.places.length);
  const values = new Float32Array(words.buffer);
  let used = 0;
  kept.forEach((isKept, row) => {
    if (!isKept) return;
    for (let at = rows.offsets[row] ?? 0; at < (rows.offsets[row + 1] ?? 0); at++) {
      words[used] = rows.places[at] ?? 0;
      values[used + 1] = rows.weights[at] ?? 0;
      used += 2;
    }
  });
  return bytesOf(words.subarray(0, used));
}
