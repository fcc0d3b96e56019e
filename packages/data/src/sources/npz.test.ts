import { describe, expect, it } from 'vitest';
import { expectDataError } from '../testing/expectDataError.ts';
import { bytesOf, npy, pattern, temporaryFolder, write } from '../testing/files.ts';
import { zip } from '../testing/zip.ts';
import type { ExampleSource } from './exampleSource.ts';
import { openNpzSource } from './npzSource.ts';

const images = (count: number, start = 0) =>
  npy({ descr: '|u1', shape: [count, 2, 3] }, pattern(count * 6, start));
const labels = (...values: number[]) =>
  npy({ descr: '<i8', shape: [values.length] }, bytesOf(BigInt64Array.from(values.map(BigInt))));

async function valuesOf({ read, count }: ExampleSource, size: number): Promise<Uint8Array> {
  const target = new Uint8Array(count * size);
  await read(target, undefined);
  return target;
}

describe('openNpzSource', () => {
  it.each([{ compress: false }, { compress: true }])(
    'reads x and y, $compress',
    async (options) => {
      const folder = await temporaryFolder();
      const bytes = zip({ 'y.npy': labels(2, 0, 1), 'x.npy': images(3) }, options);
      const { train, validation, test } = await openNpzSource(
        await write(folder, 'a.npz', bytes),
        {},
      );
      expect([validation, test]).toEqual([undefined, undefined]);
      expect(train).toMatchObject({ shape: [2, 3, 1], count: 3 });
      expect([...(train.labels ?? [])]).toEqual([2, 0, 1]);
      expect(await valuesOf(train, 6)).toEqual(pattern(18));
    },
  );

  it.each([
    ['x_train', 'y_train', 'x_val', 'x_test', 'y_test'],
    ['train_images', 'train_labels', 'val_images', 'test_images', 'test_labels'],
  ])('reads the parts %s, %s, %s, ...', async (x, y, valX, testX, testY) => {
    const folder = await temporaryFolder();
    const columns = npy({ descr: '|u1', shape: [1, 1] }, Uint8Array.of(7));
    const bytes = zip({
      [`${x}.npy`]: images(2),
      [`${y}.npy`]: labels(0, 1),
      [`${valX}.npy`]: images(1, 50),
      [`${testX}.npy`]: images(1, 90),
      [`${testY}.npy`]: columns,
    });
    const parts = await openNpzSource(await write(folder, 'a.npz', bytes), {});
    expect([...(parts.train.labels ?? [])]).toEqual([0, 1]);
    expect(parts.validation).toMatchObject({ count: 1, labels: undefined });
    expect([...(parts.test?.labels ?? [])]).toEqual([7]);
    if (!parts.validation) throw new Error('There is a validation part.');
    expect(await valuesOf(parts.validation, 6)).toEqual(pattern(6, 50));
  });

  it('reads one array of any name, with labels from an archive beside it', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'k-train-imgs.npz', zip({ 'arr_0.npy': images(2) }));
    await write(folder, 'k-train-labels.npz', zip({ 'arr_0.npy': labels(4, 5) }));
    const { train } = await openNpzSource(path, {});
    expect([...(train.labels ?? [])]).toEqual([4, 5]);
    const other = await write(folder, 'b.npz', zip({ 'Pictures.npy': images(2) }));
    expect((await openNpzSource(other, {})).train).toMatchObject({ count: 2, labels: undefined });
  });

  it('refuses names that say nothing', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'a.npz', zip({ 'a.npy': images(1), 'b.npy': images(1) }));
    await expectDataError(() => openNpzSource(path, {}), 'DATA_AMBIGUOUS', path, 'a, b');
    const empty = await write(folder, 'b.npz', zip({ 'notes.txt': Buffer.from('x') }));
    await expectDataError(() => openNpzSource(empty, {}), 'DATA_AMBIGUOUS', 'no NPY file');
  });

  it('refuses damaged archives', async () => {
    const folder = await temporaryFolder();
    const good = zip({ 'x.npy': images(20) });
    const cut = await write(folder, 'cut.npz', good.subarray(0, 150));
    await expectDataError(() => openNpzSource(cut, {}), 'DATA_BAD_ZIP', cut);
    const flipped = Buffer.from(good);
    const at = good.indexOf('x.npy') + 5 + 128 + 40;
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    const bad = await write(folder, 'bad.npz', flipped);
    await expectDataError(() => openNpzSource(bad, {}), 'DATA_BAD_ZIP', bad, 'x.npy', 'checksum');
    const other = await write(folder, 'o.npz', zip({ 'x.npy': Buffer.from('hello') }));
    await expectDataError(() => openNpzSource(other, {}), 'DATA_BAD_MAGIC', 'x.npy');
    const long = await write(folder, 'l.npz', zip({ 'x.npy': Buffer.concat([images(2), good]) }));
    await expectDataError(() => openNpzSource(long, {}), 'DATA_SIZE_MISMATCH', 'x.npy');
    const count = await write(folder, 'c.npz', zip({ 'x.npy': images(2), 'y.npy': labels(1) }));
    await expectDataError(() => openNpzSource(count, {}), 'DATA_COUNT_MISMATCH', 'y.npy');
    await expectDataError(() => openNpzSource('/no/such.npz', {}), 'DATA_NOT_FOUND');
  });
});
