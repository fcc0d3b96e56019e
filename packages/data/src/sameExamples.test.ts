import { describe, expect, it } from 'vitest';
import { allocateDataset, datasetValues, type Dataset } from './dataset.ts';
import { areExamplesSame } from './sameExamples.ts';

function dataset(rows: readonly (readonly number[])[], valueType: 'uint8' | 'float32'): Dataset {
  const info = {
    count: rows.length,
    shape: [rows[0]?.length ?? 0],
    valueType,
    format: { kind: 'array' },
    source: 'rows',
  } as const;
  const made = allocateDataset(info, { hasLabels: false, stagingBytes: 64 });
  const values =
    valueType === 'uint8' ? Uint8Array.from(rows.flat()) : Float32Array.from(rows.flat());
  datasetValues(made).set(new Uint8Array(values.buffer));
  return made;
}

describe('examples that are all the same', () => {
  it.each(['uint8', 'float32'] as const)('are known, of %s', (valueType) => {
    const of = (rows: readonly (readonly number[])[]) => areExamplesSame(dataset(rows, valueType));
    const row = [0, 7, 9];
    expect(of([row, row, row])).toBe(true);
    expect(of([row, row, [0, 7, 8]])).toBe(false);
    expect(of([[1, 7, 9], row, row])).toBe(false);
    expect(of([row])).toBeUndefined();
    expect(
      of([
        [0, 0],
        [0, 0],
      ]),
    ).toBe(true);
  });

  it('are not looked for in data that is streamed', () => {
    const whole = dataset([[1], [1]], 'uint8');
    const plan = { count: 2, blockRows: 1, windowRows: 1, windows: 2 };
    const windows = { plan, order: 'sequential', seed: 0 } as unknown as Dataset['windows'];
    expect(areExamplesSame({ ...whole, ...(windows && { windows }) })).toBeUndefined();
  });
});
