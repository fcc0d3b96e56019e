import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasetValues } from '../dataset.ts';
import { openData } from '../openData.ts';
import { makeTransform } from '../pixels/transform.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { pattern, temporaryFolder, write } from '../testing/files.ts';
import { findCifar, isCifarName, openCifarSource } from './cifar.ts';

/** Records with these labels; pixels differ from record to record. */
function cifar(labels: readonly (readonly number[])[]): Buffer {
  const records = labels.map((label, i) => [Uint8Array.from(label), pattern(3072, i * 3072)]);
  return Buffer.concat(records.flat());
}

/** What a record's pixels are as [32, 32, 3]. */
function expectedPixels(record: number): Uint8Array {
  const planes = pattern(3072, record * 3072);
  return Uint8Array.from(
    { length: 3072 },
    (_, i) => planes[(i % 3) * 1024 + Math.floor(i / 3)] ?? 0,
  );
}

describe('findCifar', () => {
  it('finds the files of CIFAR-10, in the order of their numbers', () => {
    const names = ['data_batch_10.bin', 'data_batch_2.bin', 'test_batch.bin', 'readme.html'];
    expect(findCifar('/c', [...names, 'batches.meta.txt'])).toEqual({
      train: [join('/c', 'data_batch_2.bin'), join('/c', 'data_batch_10.bin')],
      test: join('/c', 'test_batch.bin'),
      classNames: join('/c', 'batches.meta.txt'),
    });
  });

  it('finds the files of CIFAR-100, compressed too', () => {
    expect(findCifar('/c', ['fine_label_names.txt', 'train.bin.gz', 'test.bin.gz'])).toEqual({
      train: [join('/c', 'train.bin.gz')],
      test: join('/c', 'test.bin.gz'),
      classNames: join('/c', 'fine_label_names.txt'),
    });
  });

  it('finds nothing where there is nothing to train on', () => {
    expect(findCifar('/c', ['test_batch.bin', 'weights.bin'])).toBeUndefined();
    expect(isCifarName('weights.bin')).toBe(false);
    expect(isCifarName('data_batch_1.bin.gz')).toBe(true);
  });
});

describe('openCifarSource', () => {
  it('reads records of several files, plain and compressed, as [H, W, C]', async () => {
    const folder = await temporaryFolder();
    const bytes = cifar([[3], [9], [0], [5]]);
    const paths = [
      await write(folder, 'data_batch_1.bin', bytes.subarray(0, 3073)),
      await write(folder, 'data_batch_2.bin.gz', bytes.subarray(3073)),
    ];
    const names = await write(folder, 'batches.meta.txt', Buffer.from('airplane\r\nbird\n\n'));
    const source = await openCifarSource(folder, paths, names, {});
    expect(source).toMatchObject({
      shape: [32, 32, 3],
      count: 4,
      format: { kind: 'image', classNames: ['airplane', 'bird'] },
    });
    expect([...(source.labels ?? [])]).toEqual([3, 9, 0, 5]);
    const all = new Uint8Array(4 * 3072);
    await source.read(all, undefined);
    expect(all).toEqual(Uint8Array.from([0, 1, 2, 3].flatMap((i) => [...expectedPixels(i)])));
    const two = new Uint8Array(2 * 3072);
    await source.read(two, Uint32Array.of(0, 2));
    expect(two).toEqual(Uint8Array.from([...expectedPixels(0), ...expectedPixels(2)]));
  });

  it('reads the fine labels of CIFAR-100', async () => {
    const folder = await temporaryFolder();
    const path = await write(
      folder,
      'train.bin',
      cifar([
        [19, 99],
        [0, 4],
      ]),
    );
    const source = await openCifarSource(folder, [path], undefined, {
      resize: [8, 4],
      color: 'grey',
    });
    expect(source.shape).toEqual([8, 4, 1]);
    expect([...(source.labels ?? [])]).toEqual([99, 4]);
    const pixels = new Uint8Array(64);
    await source.read(pixels, undefined);
    const transform = makeTransform([32, 32, 3], [8, 4, 1]);
    const second = new Uint8Array(32);
    transform?.(expectedPixels(1), second);
    expect(pixels.subarray(32)).toEqual(second);
  });

  it.each([
    ['one.bin', [[3], [9]], [3, 9]],
    [
      'fine.BIN',
      [
        [19, 99],
        [0, 4],
        [1, 7],
      ],
      [99, 4, 7],
    ],
  ])('knows a file of another name by its size: %s', async (name, records, labels) => {
    const path = await write(await temporaryFolder(), name, cifar(records));
    const source = await openData(path, { test: path });
    expect([...(source.labels.train ?? [])]).toEqual(labels);
    const values = datasetValues(await source.load('train', { stagingBytes: 0 }));
    expect(values.subarray(0, 3072)).toEqual(expectedPixels(0));
    const cut = await write(await temporaryFolder(), name, cifar(records).subarray(1));
    await expectDataError(() => openData(cut), 'DATA_BAD_MAGIC', cut, '3073 or 3074 bytes');
  });

  it('refuses other files', async () => {
    const folder = await temporaryFolder();
    const open = (path: string) => () => openCifarSource(path, [path], undefined, {});
    const short = await write(folder, 'data_batch_1.bin', cifar([[1], [2]]).subarray(0, 4000));
    await expectDataError(open(short), 'DATA_TRUNCATED', short, '1 and 927 bytes', '3073');
    const empty = await write(folder, 'data_batch_2.bin', Buffer.alloc(0));
    await expectDataError(open(empty), 'DATA_EMPTY', empty);
    const wrong = await write(folder, 'data_batch_3.bin', cifar([[1], [10]]));
    await expectDataError(open(wrong), 'DATA_BAD_LABEL', `${wrong}, record 2`, '10');
    await expectDataError(open(join(folder, 'test.bin')), 'DATA_NOT_FOUND', 'test.bin');
  });
});
