/** A file whose examples are lines of it, taken apart: each part's lines, byte for byte, in their order. */
import { csvBytes } from '../tables/csv/csvBytes.ts';

/** Takes what a part's file goes on with. `bytes` are void as soon as it is done. */
export type TakeBytes = (part: number, bytes: Uint8Array) => Promise<void>;

/**
 * Hands out what the file of each part would hold, piece by piece: text as the source has it, or CSV of what is no
 * text. `partOf`: the part of each example; `parts`, their number, of one that is in none. Throws DataError.
 */
export type CopyParts = (partOf: Uint8Array, parts: number, take: TakeBytes) => Promise<void>;

export interface LinesToCopy {
  /** On which line each example begins, ascending, from 1; it goes on to where the next one begins. */
  readonly lines: Uint32Array;
  /** The part of each example; `parts` of one that is in none. */
  readonly partOf: Uint8Array;
  /** How many there are. Lines before the first example (a header) are for all of them. */
  readonly parts: number;
}

const LF = 10;

/** Bounded memory. Gzip is decompressed; a last line without an end is given one. Throws DataError. */
export async function copyLines(
  path: string,
  { lines, partOf, parts }: LinesToCopy,
  take: TakeBytes,
): Promise<void> {
  const all = Array.from({ length: parts }, (_, part) => part);
  const targetsOf = (example: number): readonly number[] =>
    example < 0 ? all : all.filter((part) => part === partOf[example]);
  let example = lines[0] === 1 ? 0 : -1;
  let line = 1;
  let targets = targetsOf(example);
  let last = LF;
  for await (const chunk of csvBytes(path)) {
    let from = 0;
    for (let feed = chunk.indexOf(LF); feed >= 0; feed = chunk.indexOf(LF, feed + 1)) {
      if (lines[example + 1] !== ++line) continue;
      const next = targetsOf(++example);
      // Neighbours of one part are handed out together.
      if (next[0] === targets[0] && next.length === targets.length) continue;
      for (const part of targets) await take(part, chunk.subarray(from, feed + 1));
      from = feed + 1;
      targets = next;
    }
    for (const part of targets) await take(part, chunk.subarray(from));
    last = chunk.at(-1) ?? last;
  }
  if (last !== LF) for (const part of targets) await take(part, Uint8Array.of(LF));
}
