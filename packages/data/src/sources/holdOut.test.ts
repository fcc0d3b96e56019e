import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues } from '../dataset.ts';
import { openData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { npy, temporaryFolder, write } from '../testing/files.ts';
import { holdOut } from './holdOut.ts';

describe('holdOut', () => {
  it('puts every example into exactly one part, in order', () => {
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5000 }), share, (count, part) => {
        const { train, test } = holdOut('here', count, part);
        expect(train).toEqual(train.slice().sort());
        expect(test).toEqual(test.slice().sort());
        const all = [...train, ...test].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(train.length).toBeGreaterThan(0);
        expect(test.length).toBeGreaterThan(0);
        expect(Math.abs(test.length - count * part)).toBeLessThan(1.001);
      }),
    );
  });

  it('is no stretch of neighbours', () => {
    const { test } = holdOut('here', 1000, 0.1);
    expect(test.length).toBe(100);
    expect((test.at(-1) ?? 0) - (test[0] ?? 0)).toBeGreaterThan(800);
  });

  it('needs two examples', async () => {
    await expectDataError(() => holdOut('tiny.npy', 1, 0.1), 'DATA_EMPTY', 'tiny.npy');
  });

  it('keeps values and labels together', async () => {
    const folder = await temporaryFolder();
    const count = 250;
    const values = Uint8Array.from({ length: count }, (_, i) => i);
    const path = await write(folder, 'x.npy', npy({ descr: '|u1', shape: [count, 1] }, values));
    await write(folder, 'y.npy', npy({ descr: '|u1', shape: [count] }, values));
    const source = await openData(path, { holdOut: 0.2 });
    expect([source.train.count, source.test.count]).toEqual([200, 50]);
    for (const part of ['train', 'test'] as const) {
      const dataset = await source.load(part, { stagingBytes: 0 });
      expect([...(datasetLabels(dataset) ?? [])]).toEqual([...datasetValues(dataset)]);
    }
  });
});
