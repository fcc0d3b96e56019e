import '../testing/cpuBackend.ts';
import { memory, tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { tableColumns as columns } from '../testing/tableCases.ts';
import type { ColumnInfo } from '../model.ts';
import { columnInputs } from './columnInputs.ts';

/** From the definition: numbers, then indicators, then whether numbers are known. */
function encodeRow(row: readonly number[], of: readonly ColumnInfo[]): number[] {
  const numbers = row.filter((_, i) => of[i]?.kind === 'numeric');
  const indicators = of.flatMap(({ kind, categories = 1 }, i) =>
    kind === 'numeric'
      ? []
      : Array.from({ length: categories }, (_, code) => (row[i] === code ? 1 : 0)),
  );
  const known = row.filter((_, i) => of[i]?.kind === 'numeric' && of[i].missing);
  return [
    ...numbers.map((x) => (Number.isNaN(x) ? 0 : x)),
    ...indicators,
    ...known.map((x) => (Number.isNaN(x) ? 0 : 1)),
  ];
}

const rows = [
  [2, 0.25, 1, 3, 1, 4, -8, 0, 2, 0],
  [NaN, NaN, NaN, 0, NaN, 2, 3, 0, NaN, NaN],
  columns.map(() => NaN),
];
const neverMissing = columns.map((column) => ({ ...column, missing: false }));

it.each([
  ['all kinds', columns, rows],
  ['none said to be missing, though some are', neverMissing, rows],
  ['numbers alone', columns.filter(({ kind }) => kind === 'numeric'), [[1, NaN], [3, 4]]], // prettier-ignore
  ['categories alone', columns.filter(({ kind }) => kind !== 'numeric').slice(0, 2), [[1, NaN], [2, 0]]], // prettier-ignore
])('spreads a row out: %s', (_, of, table) => {
  const layer = columnInputs({ shape: [of.length], columns: of });
  const expected = table.map((row) => encodeRow(row, of));
  const x = tensor(table);
  const before = memory().numTensors;
  const y = layer.apply({}, x);
  expect(memory().numTensors).toBe(before + 1);
  expect(y.arraySync()).toEqual(expected);
  expect(layer.outputShape).toEqual([expected[0]?.length]);
});

it('flattens examples of numbers', () => {
  const layer = columnInputs({ shape: [2, 1] });
  expect(layer.apply({}, tensor([[[1], [NaN]]])).arraySync()).toEqual([[1, 0]]);
});
