import { expect, it } from 'vitest';
import { allocateDataset } from '../dataset.ts';
import { sparseViews } from '../valueType.ts';
import { rowsToDataset } from './ratingsDataset.ts';
import { sparseRows } from './sparseRows.ts';

/** Rows of `each` entries. */
function rows(count: number, each: number) {
  const entries = Array.from({ length: count * each }, (_, i) => i);
  return sparseRows(count, {
    rows: Uint32Array.from(entries, (i) => Math.floor(i / each)),
    places: Uint32Array.from(entries, (i) => i % each),
    weights: Float32Array.from(entries, (i) => i + 1),
  });
}

it('makes datasets of rows in the memory of the one before, where they fit', () => {
  const format = { kind: 'array', scale: 1 } as never;
  const info = { shape: [9], valueType: 'sparse', format, source: 'ratings' } as const;
  const like = allocateDataset(
    { ...info, count: 1, entries: 1 },
    { hasLabels: false, stagingBytes: 1 << 16 },
  );
  const toDataset = rowsToDataset(like);
  const first = toDataset(rows(100, 5));
  expect(first.memory).not.toBe(like.memory);
  expect(first).toMatchObject({ ...info, count: 100, entries: 500, stagingBytes: 1 << 16 });
  for (const piece of [rows(110, 5), rows(3, 2), rows(40, 9)]) {
    const dataset = toDataset(piece);
    expect(dataset.memory).toBe(first.memory);
    expect(dataset.stagingOffset).toBe(first.stagingOffset);
    expect(sparseViews(dataset.memory.buffer, dataset.valuesOffset, dataset)).toEqual(piece);
  }
  const larger = rows(1000, 5);
  const dataset = toDataset(larger);
  expect(dataset.memory).not.toBe(first.memory);
  expect(sparseViews(dataset.memory.buffer, dataset.valuesOffset, dataset)).toEqual(larger);
});
