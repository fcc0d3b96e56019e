import { describe, expect, it } from 'vitest';
import { openData, openMoreData } from './openData.ts';
import { expectDataError } from './testing/expectDataError.ts';
import { idx, npy, pattern, temporaryFolder, write } from './testing/files.ts';

const good = idx([20, 3, 3], pattern(180));

describe('options', () => {
  it.each([
    { options: { resize: [0, 28] as const }, where: 'resize' },
    { options: { resize: [28, 2.5] as const }, where: 'resize' },
    { options: { holdOut: 0 }, where: 'holdOut' },
    { options: { holdOut: 1 }, where: 'holdOut' },
    { options: { holdOut: NaN }, where: 'holdOut' },
    { options: { holdOut: 0.1, test: 'mnist' }, where: 'holdOut' },
    { options: { holdOut: 0.1 }, where: 'holdOut' },
  ])('refuses $options', async ({ options, where }) => {
    await expectDataError(() => openData('mnist', options), 'DATA_OPTION', where);
  });

  it('refuses to resize vectors', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.npy', npy({ descr: '|u1', shape: [4, 2] }, pattern(8)));
    await expectDataError(() => openData(path, { resize: [2, 2] }), 'DATA_OPTION', path, '[2]');
  });

  it('refuses a color mode for other channel counts', async () => {
    const folder = await temporaryFolder();
    const bytes = npy({ descr: '|u1', shape: [4, 2, 2, 2] }, pattern(32));
    const path = await write(folder, 'x.npy', bytes);
    await expectDataError(() => openData(path, { color: 'grey' }), 'DATA_OPTION', path);
  });

  it.each([
    { resize: [2, 2] as const },
    { color: 'grey' as const },
    { binarize: 'static' as const },
    { binarize: 0.5 },
  ])('refuses %j of a table', async (options) => {
    const path = await write(await temporaryFolder(), 't.csv', Buffer.from('a,b\n1,2\n3,5\n4,9\n'));
    const [where = ''] = Object.keys(options);
    await expectDataError(() => openData(path, options), 'DATA_OPTION', where, 'table data');
  });

  it('refuses test data of another shape', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', good);
    await expectDataError(
      () => openData('mnist', { test: path }),
      'DATA_SHAPE_MISMATCH',
      '[28, 28, 1]',
      '[3, 3, 1]',
      '--resize 28x28',
    );
  });

  it('says where more data has parts, of which the training part is used', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', good);
    const { train } = await openData(path);
    const ofOne = await openMoreData(path, {}, train);
    expect([ofOne.info.count, ofOne.notes]).toEqual([20, []]);
    await write(folder, 'train-images-idx3-ubyte', idx([12, 3, 3], pattern(108)));
    await write(folder, 't10k-images-idx3-ubyte', idx([4, 3, 3], pattern(36)));
    const { info, notes } = await openMoreData(folder, {}, train);
    expect([info.count, notes]).toEqual([12, [expect.stringContaining('has a test part besides: the 12 examples')]]); // prettier-ignore
  });

  it('reads more images of another shape where the first were resized', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', good);
    const { train } = await openData('mnist');
    await expectDataError(
      () => openMoreData(path, {}, train),
      'DATA_SHAPE_MISMATCH',
      'beforehand; a model trained with --resize 28x28 --color grey',
    );
    const more = await openMoreData(path, { resize: [28, 28] }, train);
    expect(more.info.shape).toEqual([28, 28, 1]);
    await more.close();
  });
});

describe('memory', () => {
  it('says how much was asked for when there is not enough', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', good);
    const source = await openData(path);
    await expectDataError(
      () => source.load('train', { stagingBytes: 2 ** 33 }),
      'DATA_OUT_OF_MEMORY',
      path,
      `${2 ** 33 + 192} bytes`,
    );
  });

  it('is not asked for before the header is checked', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', idx([100, 30_000, 30_000], pattern(9)));
    await expectDataError(() => openData(path), 'DATA_TRUNCATED', path);
  });
});
