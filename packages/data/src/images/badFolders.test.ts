import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openData, openMoreData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { image, npy, pattern, temporaryFolder, write } from '../testing/files.ts';
import { writeGrey, writeImages } from '../testing/greyImages.ts';

it('what systems put beside the classes is passed over', async () => {
  const folder = await temporaryFolder();
  await writeImages(join(folder, 'cat'), 2);
  await writeImages(join(folder, 'dog'), 2);
  for (const name of ['__MACOSX', '.ipynb_checkpoints']) {
    await mkdir(join(folder, name, 'cat'), { recursive: true });
    await writeFile(join(folder, name, '._a.png'), 'no image');
  }
  const { train } = await openData(folder, { test: folder });
  expect(train).toMatchObject({ count: 4, classes: 2, format: { classNames: ['cat', 'dog'] } });
});

describe('bad folders', () => {
  it('an empty class', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'cat'), 2);
    await mkdir(join(folder, 'dog'));
    const [path, named] = [join(folder, 'dog'), 'none in that of class "dog". Put its images'];
    await expectDataError(() => openData(folder), 'DATA_EMPTY', path, named);
  });

  it('a folder above that of the classes', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'pets', 'cat'), 2);
    const above = join(folder, 'pets');
    await expectDataError(
      () => openData(folder),
      'DATA_EMPTY',
      'folders (cat)',
      `such as ${above}.`,
    );
  });

  it.each([
    [[], 'an empty folder', 'Check the path.'],
    [['a.mp3', 'notes.md'], 'a folder without any: a.mp3, notes.md', 'ffmpeg -i OLD NEW.wav'],
    [['a.webp'], 'a.webp', 'Make PNG or JPEG files'],
    [['a.csv', 'b', 'c', 'd'], 'a.csv, b, c, ...', 'named itself, not by its folder'],
  ])('nothing that is read: %s', async (names, got, fix) => {
    const folder = await temporaryFolder();
    for (const name of names) await writeFile(join(folder, name), 'x');
    for (const mention of [got, fix, 'recordings (WAV)', 'Parquet']) {
      await expectDataError(() => openData(folder), 'DATA_EMPTY', folder, mention);
    }
  });

  it('images beside classes', async () => {
    const folder = await temporaryFolder();
    await writeImages(folder, 2);
    await writeImages(join(folder, 'cat'), 2);
    await expectDataError(() => openData(folder), 'DATA_AMBIGUOUS', folder);
  });

  it('train/ and val/', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'train', 'cat'), 2);
    await writeImages(join(folder, 'val', 'cat'), 2);
    await expectDataError(() => openData(folder), 'DATA_AMBIGUOUS', folder, '--test-data');
  });

  it('a class among the test images that the training images lack', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'train', 'cat'), 2);
    await writeImages(join(folder, 'test', 'dog'), 2);
    const dog = join(folder, 'test', 'dog');
    await expectDataError(() => openData(folder), 'DATA_UNKNOWN_CLASS', dog, 'cat');
  });
});

it('images for a trained model that are not alike are not mended by options, which uses do not have', async () => {
  const [trainedOn, sizes, colors] = [
    await temporaryFolder(),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  for (const folder of [trainedOn, sizes, colors]) await writeImages(folder, 2);
  await writeGrey(join(sizes, 'b.png'), 0, [5, 4]);
  await writeFile(join(colors, 'b.png'), await image('png', pattern(60), [4, 5, 3]));
  const { train } = await openData(trainedOn, { test: trainedOn });
  for (const [folder, code, said] of [
    [sizes, 'DATA_IMAGE_SIZE', 'Resize it beforehand; a model trained with --resize 4x5 reads'],
    [colors, 'DATA_IMAGE_COLOR', 'Make it grey beforehand; a model trained with --color'],
  ] as const) {
    const more = await openMoreData(folder, {}, train);
    const loading = (): unknown => more.load({ stagingBytes: 0 });
    await expectDataError(loading, code, join(folder, 'b.png'), said);
  }
  const flat = await write(
    trainedOn,
    'flat.npy',
    npy({ descr: '|u1', shape: [1, 20] }, pattern(20)),
  );
  const resized = { resize: [4, 5] } as const;
  const opening = (): unknown => openMoreData(flat, resized, train);
  await expectDataError(opening, 'DATA_OPTION', flat, 'Name images');
});
