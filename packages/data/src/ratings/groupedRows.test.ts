import type { FileHandle } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openTemporary } from '../streaming/temporaryFile.ts';
import { rowsInFile } from './groupedRows.ts';

/** Rows 0 ... count - 1: of each the entries of items 0 ... size - 1, with weight 1 + its row. */
async function grouped(count: number, size: number) {
  const file = await openTemporary('test');
  onTestFinished(() => file.close());
  const words = new Uint32Array(2 * count * size);
  const weights = new Float32Array(words.buffer);
  for (let entry = 0; entry < count * size; entry++) {
    words[2 * entry] = entry % size;
    weights[2 * entry + 1] = 1 + Math.floor(entry / size);
  }
  await file.write(words);
  const reads: number[] = [];
  const watched = {
    read: (into: Uint8Array, at: number, length: number, position: number) => {
      reads.push(length);
      return file.read(into, at, length, position);
    },
  } as FileHandle;
  const offsets = Float64Array.from({ length: count + 1 }, (_, row) => row * size);
  const users = Uint32Array.from({ length: count }, (_, row) => row);
  return { reads, file: watched, offsets, users };
}

it('renamed rows are read in pieces of what they were, however little is left of them', async () => {
  const { reads, ...rows } = await grouped(100, 50);
  const pieceBytes = 1500; // three rows
  const names = Int32Array.from({ length: 50 }, (_, item) => (item === 7 ? 0 : -1));
  const renamed = await rowsInFile(rows, pieceBytes).rename(names);
  reads.length = 0;
  const some = Uint32Array.of(3, 4, 5, 6, 7, 8);
  expect(await renamed.read(some)).toEqual({
    offsets: Uint32Array.from({ length: 7 }, (_, i) => i),
    places: new Uint32Array(6),
    weights: Float32Array.from(some, (row) => 1 + row),
  });
  expect((await renamed.read()).places).toHaveLength(100);
  expect(reads.length).toBeGreaterThan(30);
  expect(Math.max(...reads)).toBeLessThanOrEqual(pieceBytes);
});
