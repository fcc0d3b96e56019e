/**
 * Ratings in a temporary file, in the order of the file they come from. Each is an entry of 12 bytes: user, item
 * (u32) and weight (f32).
 */
import type { FileHandle } from 'node:fs/promises';
import { notWritten, openTemporary, writeFully } from '../streaming/temporaryFile.ts';

export const ENTRY_WORDS = 3;
export const ENTRY_BYTES = 4 * ENTRY_WORDS;

export interface EntryFile {
  /** In memory until `flush`. */
  add(user: number, item: number, weight: number): void;
  flush(): Promise<void>;
  /** Of each user so far. */
  readonly counts: Uint32Array;
  readonly file: FileHandle;
}

/** Throws DATA_NOT_SPOOLED. */
export async function openEntryFile(where: string): Promise<EntryFile> {
  const file = await openTemporary(where);
  let counts = new Uint32Array(1 << 12);
  let words = new Uint32Array(ENTRY_WORDS << 12);
  let weights = new Float32Array(words.buffer);
  let [used, written, users] = [0, 0, 0];
  return {
    file,
    get counts() {
      return counts.subarray(0, users);
    },
    add(user, item, weight) {
      if (user >= counts.length) counts = larger(counts);
      if (user >= users) users = user + 1;
      counts[user] = (counts[user] ?? 0) + 1;
      if (used === words.length) {
        words = larger(words);
        weights = new Float32Array(words.buffer);
      }
      words[used] = user;
      words[used + 1] = item;
      weights[used + 2] = weight;
      used += ENTRY_WORDS;
    },
    async flush() {
      const bytes = bytesOf(words.subarray(0, used));
      await writeEntries(where, file, bytes, written);
      written += bytes.length;
      used = 0;
    },
  };
}

function larger(from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const into = new Uint32Array(2 * from.length);
  into.set(from);
  return into;
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Throws DATA_NOT_SPOOLED. */
export async function writeEntries(
  where: string,
  file: FileHandle,
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  await writeFully(file, bytes, position).catch((error: unknown) => {
    throw notWritten(where, error);
  });
}
