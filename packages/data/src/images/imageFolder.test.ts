import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues } from '../dataset.ts';
import { openData, type DataSource } from '../openData.ts';
import type { DataPart } from '../parts.ts';
import { rgbToGrey } from '../pixels/color.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { image, pattern, temporaryFolder } from '../testing/files.ts';
import { writeGrey, writeImages } from '../testing/greyImages.ts';

const pixels = { valueType: 'uint8', format: { kind: 'image' } } as const;

async function load(
  source: DataSource,
  part: DataPart,
): Promise<{ values: number[]; labels: number[] | undefined }> {
  const dataset = await source.load(part, { stagingBytes: 0 });
  const labels = datasetLabels(dataset);
  return { values: [...datasetValues(dataset)], labels: labels && [...labels] };
}

describe('a folder of images', () => {
  it('comes back pixel by pixel, in the order of the names, over several tasks', async () => {
    const folder = await temporaryFolder();
    await writeImages(folder, 70);
    const source = await openData(folder, { test: folder });
    expect(source.train).toEqual({ ...pixels, shape: [4, 5, 1], count: 70, source: folder });
    expect((await load(source, 'train')).values).toEqual([...pattern(20 * 70)]);
  });

  it('holds a tenth out, without losing an image', async () => {
    const folder = await temporaryFolder();
    await writeImages(folder, 20);
    const source = await openData(folder);
    expect([source.train.count, source.test.count]).toEqual([18, 2]);
    const both = [...(await load(source, 'train')).values, ...(await load(source, 'test')).values];
    expect(both.sort()).toEqual([...pattern(400)].sort());
  });

  it('takes subfolders as classes, and numbers as numbers', async () => {
    const folder = await temporaryFolder();
    for (const [i, name] of ['2', '10', '0'].entries()) {
      await writeImages(join(folder, name), 2, 1000 * i);
    }
    const source = await openData(folder, { test: folder });
    expect(source.train).toMatchObject({ count: 6, classes: 3 });
    const { values, labels } = await load(source, 'train');
    expect(labels).toEqual([0, 0, 1, 1, 2, 2]);
    expect(values).toEqual([...pattern(40, 2000), ...pattern(40, 0), ...pattern(40, 1000)]);
  });

  it('takes train/ and test/ as the two parts, with the same classes', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'train', 'cat'), 2);
    await writeImages(join(folder, 'train', 'dog'), 1);
    await writeImages(join(folder, 'test', 'dog'), 3);
    const source = await openData(folder);
    expect(source.train).toMatchObject({ count: 3, classes: 2 });
    expect(source.test).toMatchObject({ count: 3, classes: 2 });
    expect((await load(source, 'test')).labels).toEqual([1, 1, 1]);
  });

  it('gives a separate test folder the classes of the training folder', async () => {
    const folder = await temporaryFolder();
    await writeImages(join(folder, 'a', 'cat'), 1);
    await writeImages(join(folder, 'a', 'dog'), 1);
    await writeImages(join(folder, 'b', 'dog'), 1);
    const source = await openData(join(folder, 'a'), { test: join(folder, 'b') });
    expect((await load(source, 'test')).labels).toEqual([1]);
  });

  it('follows symbolic links and skips hidden and other files', async () => {
    const folder = await temporaryFolder();
    const elsewhere = await temporaryFolder();
    await writeImages(elsewhere, 2);
    await symlink(elsewhere, join(folder, 'cat'));
    await mkdir(join(folder, '.cache'));
    await writeFile(join(folder, 'README.txt'), 'two cats');
    expect((await openData(folder)).train).toMatchObject({ classes: 1, shape: [4, 5, 1] });
  });
});

describe('pixels', () => {
  it('of a JPEG are what libjpeg gives', async () => {
    const folder = await temporaryFolder();
    const pixels = Uint8Array.from({ length: 16 * 24 * 3 }, (_, i) => (i * i) % 200);
    const bytes = await image('jpeg', pixels, [16, 24, 3]);
    await writeFile(join(folder, 'a.JPG'), bytes);
    const source = await openData(folder, { test: folder });
    expect(source.train.shape).toEqual([16, 24, 3]);
    const expected = await sharp(bytes).raw().toBuffer();
    expect((await load(source, 'train')).values).toEqual([...expected]);
  });

  it('of color become grey, and smaller, on request', async () => {
    const folder = await temporaryFolder();
    const pixels = pattern(6 * 8 * 3);
    await writeFile(join(folder, 'a.png'), await image('png', pixels, [6, 8, 3]));
    const grey = await openData(folder, { test: folder, color: 'grey' });
    expect(grey.train.shape).toEqual([6, 8, 1]);
    const expected = new Uint8Array(48);
    rgbToGrey(pixels, expected);
    expect((await load(grey, 'train')).values).toEqual([...expected]);
    const small = await openData(folder, { test: folder, color: 'grey', resize: [3, 4] });
    expect(small.train.shape).toEqual([3, 4, 1]);
    expect((await load(small, 'train')).values).toHaveLength(12);
  });

  it('of grey images among color ones become color', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.png'), await image('png', pattern(12), [2, 2, 3]));
    await writeGrey(join(folder, 'b.png'), 5, [2, 2]);
    const { values } = await load(await openData(folder, { test: folder }), 'train');
    expect(values.slice(12)).toEqual([...pattern(4, 5)].flatMap((value) => [value, value, value]));
  });

  it('lose alpha, and 16 bits become 8', async () => {
    const folder = await temporaryFolder();
    const rgba = pattern(16);
    await writeFile(join(folder, 'a.png'), await image('png', rgba, [2, 2, 4]));
    const { values } = await load(await openData(folder, { test: folder }), 'train');
    expect(values).toEqual([...rgba].filter((_, i) => i % 4 !== 3));

    const deep = await temporaryFolder();
    const wide = Uint16Array.of(0, 257, 0x1234, 0xffff);
    await sharp(wide, { raw: { height: 2, width: 2, channels: 1 } })
      .toColorspace('grey16')
      .png()
      .toFile(join(deep, 'a.png'));
    const source = await openData(deep, { test: deep });
    expect((await load(source, 'train')).values).toEqual([0, 1, 0x12, 0xff]);
  });

  it('of a palette are colors', async () => {
    const folder = await temporaryFolder();
    const pixels = Uint8Array.of(255, 0, 0, 0, 0, 255, 255, 0, 0, 0, 255, 0);
    const bytes = await sharp(pixels, { raw: { height: 2, width: 2, channels: 3 } })
      .png({ palette: true })
      .toBuffer();
    await writeFile(join(folder, 'a.png'), bytes);
    const source = await openData(folder, { test: folder });
    expect(source.train.shape).toEqual([2, 2, 3]);
    expect((await load(source, 'train')).values).toEqual([...pixels]);
  });

  it('of images of any size become one size on request', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.png'), await image('png', pattern(12).fill(9), [3, 4, 1]));
    await writeFile(join(folder, 'b.png'), await image('png', pattern(35).fill(80), [7, 5, 1]));
    const source = await openData(folder, { test: folder, resize: [2, 2] });
    expect((await load(source, 'train')).values).toEqual([9, 9, 9, 9, 80, 80, 80, 80]);
  });
});

describe('bad images', () => {
  it.each([
    { what: 'empty', spoil: () => Buffer.alloc(0) },
    { what: 'text', spoil: () => Buffer.from('this is not an image, whatever its name says') },
    { what: 'cut short', spoil: (bytes: Buffer) => bytes.subarray(0, bytes.length - 20) },
    { what: 'cut short in the header', spoil: (bytes: Buffer) => bytes.subarray(0, 20) },
    {
      what: 'a byte changed',
      spoil: (bytes: Buffer) => {
        const at = bytes.indexOf('IDAT') + 10;
        return bytes.fill((bytes[at] ?? 0) ^ 255, at, at + 1);
      },
    },
  ])('one broken file is named: $what', async ({ spoil }) => {
    const folder = await temporaryFolder();
    await writeImages(folder, 40);
    const broken = join(folder, 'a037.png');
    await writeFile(broken, spoil(await image('png', pattern(20), [4, 5, 1])));
    const source = await openData(folder, { test: folder });
    await expectDataError(() => load(source, 'train'), 'DATA_BROKEN_IMAGE', broken);
  });

  it('a truncated JPEG is broken', async () => {
    const folder = await temporaryFolder();
    const bytes = await image('jpeg', pattern(64 * 64 * 3), [64, 64, 3]);
    await writeFile(join(folder, 'a.jpg'), bytes);
    await writeFile(join(folder, 'b.jpg'), bytes.subarray(0, bytes.length / 2));
    const source = await openData(folder, { test: folder });
    await expectDataError(() => load(source, 'train'), 'DATA_BROKEN_IMAGE', join(folder, 'b.jpg'));
  });

  it('the first file is broken', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.png'), 'no');
    await expectDataError(() => openData(folder), 'DATA_BROKEN_IMAGE', join(folder, 'a.png'));
  });

  it('a file that vanished', async () => {
    const folder = await temporaryFolder();
    await writeImages(folder, 3);
    const source = await openData(folder, { test: folder });
    await rm(join(folder, 'a001.png'));
    await expectDataError(() => load(source, 'train'), 'DATA_NOT_FOUND', 'a001.png');
  });

  it('unequal sizes', async () => {
    const folder = await temporaryFolder();
    await writeImages(folder, 3);
    const odd = join(folder, 'b.png');
    await writeGrey(odd, 0, [5, 4]);
    const source = await openData(folder, { test: folder });
    const mentions = [odd, '4x5', '5x4', '--resize 4x5', 'a000.png'];
    await expectDataError(() => load(source, 'train'), 'DATA_IMAGE_SIZE', ...mentions);
  });

  it('color among grey', async () => {
    const folder = await temporaryFolder();
    await writeImages(folder, 1);
    const odd = join(folder, 'b.png');
    await writeFile(odd, await image('png', pattern(60), [4, 5, 3]));
    const source = await openData(folder, { test: folder });
    await expectDataError(() => load(source, 'train'), 'DATA_IMAGE_COLOR', odd, '--color');
  });
});

it('leaves no thread behind: the process exits after loading, and after an error', async () => {
  const folder = await temporaryFolder();
  await writeImages(folder, 3);
  await writeFile(join(folder, 'b.png'), 'broken');
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const script = `
    import { openData } from ${JSON.stringify(built)};
    const open = (options) => openData(${JSON.stringify(folder)}, options);
    const source = await open({ holdOut: 0.3 });
    const parts = await Promise.allSettled(
      ['train', 'test'].map((part) => source.load(part, { stagingBytes: 0 })));
    console.log(parts.map((part) => part.reason?.code ?? 'loaded').sort().join());
  `;
  const arguments_ = ['--input-type=module', '--eval', script];
  const out = execFileSync(process.execPath, arguments_, { encoding: 'utf8', timeout: 30_000 });
  expect(out.trim()).toBe('DATA_BROKEN_IMAGE,loaded');
});
