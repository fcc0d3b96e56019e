import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInputs } from '../batch/checkInputs.ts';
import { datasetLabels } from '../dataset.ts';
import { openData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { npy, temporaryFolder, write } from '../testing/files.ts';
import { hideLabels } from './hideLabels.ts';
import { shuffled } from '../splits/shuffled.ts';

const kept = (labels: Int32Array): number[] => [...labels].filter((label) => label >= 0);
const counts = (labels: Int32Array): number[] => {
  const seen = new Map<number, number>();
  for (const label of kept(labels)) seen.set(label, (seen.get(label) ?? 0) + 1);
  return [...seen.values()];
};

describe('hideLabels', () => {
  it('keeps so many, each as it was, evenly over the classes', () => {
    const classes = 7;
    const labels = Int32Array.from({ length: 700 }, (_, i) => (i * 13) % classes);
    fc.assert(
      fc.property(fc.integer({ min: classes, max: 700 }), (keep) => {
        const hidden = hideLabels('here', labels, keep);
        expect(kept(hidden).length).toBe(keep);
        expect(hidden.every((label, i) => label === -1 || label === labels[i])).toBe(true);
        expect(counts(hidden).length).toBe(classes);
        expect(Math.max(...counts(hidden)) - Math.min(...counts(hidden))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('takes from the larger classes what small ones lack', () => {
    const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 3 ? 5 : 2));
    const hidden = hideLabels('here', labels, 20);
    expect(counts(hidden).toSorted((a, b) => a - b)).toEqual([3, 17]);
  });

  it('spreads over the source, and keeps more of the same where more are kept', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, i) => i % 2);
    const [few, more] = [hideLabels('here', labels, 50), hideLabels('here', labels, 100)];
    const last = few.findLastIndex((label) => label >= 0);
    expect(last).toBeGreaterThan(800);
    expect(few.every((label, i) => label === -1 || label === more[i])).toBe(true);
  });

  it('does not gather labels at the start of an epoch of the same seed', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, i) => i % 2);
    const hidden = hideLabels('here', labels, 200);
    const early = [...shuffled({ count: 1000, length: 500, seed: 0, epoch: 0 })].filter(
      (i) => (hidden[i] ?? -1) >= 0,
    );
    expect(Math.abs(early.length - 100)).toBeLessThan(30); // half of 200, +- 4 standard deviations
  });

  it('counts those that are unknown from the start as none', async () => {
    const labels = Int32Array.of(0, -1, 1, -1, 0);
    expect([...hideLabels('here', labels, 3)]).toEqual([...labels]);
    await expectDataError(() => hideLabels('here', labels, 4), 'DATA_OPTION', 'labels', '4');
  });

  it.each([1, 101])('refuses to keep %i of 100 labels of two classes', async (keep) => {
    const labels = Int32Array.from({ length: 100 }, (_, i) => i % 2);
    await expectDataError(
      () => hideLabels('here', labels, keep),
      'DATA_OPTION',
      'labels',
      `${keep}`,
    );
  });
});

describe('openData with labels', () => {
  const source = async (withLabels = true): Promise<string> => {
    const folder = await temporaryFolder();
    const values = Uint8Array.from({ length: 50 }, (_, i) => i % 5);
    if (withLabels) await write(folder, 'y.npy', npy({ descr: '|u1', shape: [50] }, values));
    return write(folder, 'x.npy', npy({ descr: '|u1', shape: [50, 1] }, values));
  };

  it('hides those of the training part alone, and still knows all classes', async () => {
    const { train, test, load } = await openData(await source(), { labels: 10, holdOut: 0.2 });
    expect([train.classes, test.classes]).toEqual([5, 5]);
    const labelsOf = async (part: 'train' | 'test') =>
      datasetLabels(await load(part, { stagingBytes: 0 })) ?? new Int32Array();
    expect(counts(await labelsOf('train'))).toEqual([2, 2, 2, 2, 2]);
    expect(kept(await labelsOf('test')).length).toBe(10);
  });

  it.each([0, 1.5, -1])('refuses %d', async (labels) => {
    const path = await source();
    await expectDataError(() => openData(path, { labels }), 'DATA_OPTION', 'labels');
  });

  it('refuses data without labels, and a model that reads none', async () => {
    const bare = await source(false);
    await expectDataError(() => openData(bare, { labels: 10 }), 'DATA_NO_LABELS', 'labels');
    const { train } = await openData(await source(), { labels: 10 });
    checkInputs(train, { x: [1], label: [] });
    await expectDataError(() => checkInputs(train, { x: [1] }), 'DATA_OPTION', 'labels');
  });
});
