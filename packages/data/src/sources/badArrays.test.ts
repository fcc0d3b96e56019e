import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openData } from '../openData.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { bytesOf, idx, npy, pattern, temporaryFolder, write } from '../testing/files.ts';

/** Opens and loads both parts: wherever the error shows, it must show. */
async function readAll(path: string): Promise<void> {
  const source = await openData(path);
  await source.load('train', { stagingBytes: 0 });
  await source.load('test', { stagingBytes: 0 });
}

const images = 'train-images-idx3-ubyte';
const labels = 'train-labels-idx1-ubyte';
const good = idx([20, 3, 3], pattern(180));

describe('bad paths', () => {
  it('a path that does not exist', async () => {
    const folder = await temporaryFolder();
    await expectDataError(() => openData(join(folder, 'no')), 'DATA_NOT_FOUND', join(folder, 'no'));
    await expectDataError(
      () => openData('mnist', { test: join(folder, 'no') }),
      'DATA_NOT_FOUND',
      join(folder, 'no'),
    );
  });

  it('an empty file', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'x.npy');
    await writeFile(path, '');
    await expectDataError(() => openData(path), 'DATA_EMPTY', path);
  });

  it('an empty folder', async () => {
    const folder = await temporaryFolder();
    await expectDataError(() => openData(folder), 'DATA_EMPTY', folder);
  });

  it('a folder of something else', async () => {
    const folder = await temporaryFolder();
    await write(folder, 'notes.txt', Buffer.from('hello'));
    await expectDataError(() => openData(folder), 'DATA_EMPTY', folder);
  });

  it('a file of something else', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'notes.dat', Buffer.from('hello, this is no array'));
    await expectDataError(
      () => openData(path),
      'DATA_BAD_MAGIC',
      path,
      '68 65 6c 6c',
      `table:${path}`,
    );
  });
});

describe('bad IDX files', () => {
  it('a bad magic number', async () => {
    const folder = await temporaryFolder();
    const bytes = Buffer.from(good);
    bytes[0] = 9;
    const path = await write(folder, images, bytes);
    await expectDataError(() => openData(folder), 'DATA_BAD_MAGIC', path);
  });

  it.each([1, 3, 6, 15])('cut short in the header, after %i bytes', async (length) => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', good.subarray(0, length));
    const error = await openData(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: length < 3 ? 'DATA_BAD_MAGIC' : 'DATA_TRUNCATED',
      where: path,
    });
  });

  it.each(['', '.gz'])('values cut short%s', async (ending) => {
    const folder = await temporaryFolder();
    const path = await write(folder, `${images}${ending}`, good.subarray(0, -1));
    await expectDataError(() => readAll(folder), 'DATA_TRUNCATED', path, '196 bytes', '195 bytes');
  });

  it.each(['', '.gz'])('more values than the header says%s', async (ending) => {
    const folder = await temporaryFolder();
    const path = await write(folder, `${images}${ending}`, Buffer.concat([good, Buffer.alloc(9)]));
    await expectDataError(() => readAll(folder), 'DATA_SIZE_MISMATCH', path, '205 bytes');
  });

  it('a header that promises more than the file can hold', async () => {
    const folder = await temporaryFolder();
    for (const name of ['x.idx', 'y.idx.gz']) {
      const path = await write(folder, name, idx([4_000_000_000, 28, 28], pattern(100)));
      await expectDataError(() => openData(path), 'DATA_TRUNCATED', path);
    }
  });

  it('labels where images should be', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, images, idx([20], pattern(20)));
    await expectDataError(() => openData(folder), 'DATA_WRONG_KIND', path, 'labels (rank 1)');
  });

  it('images where labels should be', async () => {
    const folder = await temporaryFolder();
    await write(folder, images, good);
    const path = await write(folder, labels, good);
    await expectDataError(() => openData(folder), 'DATA_WRONG_KIND', path, '[20, 3, 3]');
  });

  it('another number of labels', async () => {
    const folder = await temporaryFolder();
    await write(folder, images, good);
    const path = await write(folder, labels, idx([19], pattern(19)));
    await expectDataError(() => openData(folder), 'DATA_COUNT_MISMATCH', path, '20 labels', '19');
  });

  it('truncated labels', async () => {
    const folder = await temporaryFolder();
    await write(folder, images, good);
    const path = await write(folder, labels, idx([20], pattern(19)));
    await expectDataError(() => openData(folder), 'DATA_TRUNCATED', path);
  });

  it('no examples', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, images, idx([0, 3, 3], pattern(0)));
    await expectDataError(() => openData(folder), 'DATA_EMPTY', path, '[0, 3, 3]');
  });

  it('an unsupported type', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, images, idx([1, 1, 1], pattern(8), 0x0e));
    await expectDataError(() => openData(folder), 'DATA_DTYPE', path, 'float64');
  });
});

describe('bad gzip', () => {
  it('a plain file named .gz', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, `${images}.gz`);
    await writeFile(path, good);
    await expectDataError(() => openData(folder), 'DATA_BAD_GZIP', path);
  });

  it('cut short', async () => {
    const folder = await temporaryFolder();
    const noise = Uint8Array.from({ length: 9000 }, (_, i) => Math.imul(i * i, 0x9e3779b1) >>> 24);
    const path = await write(folder, `${images}.gz`, idx([1000, 3, 3], noise));
    await truncate(path, 3000);
    await expectDataError(() => readAll(folder), 'DATA_TRUNCATED', path);
  });

  it('a byte changed', async () => {
    const folder = await temporaryFolder();
    const bytes = gzipSync(good);
    const at = bytes.length - 6; // the checksum
    bytes[at] = (bytes[at] ?? 0) ^ 255;
    const path = join(folder, `${images}.gz`);
    await writeFile(path, bytes);
    await expectDataError(() => readAll(folder), 'DATA_BAD_GZIP', path);
  });

  it('a broken header', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, `${images}.gz`);
    await writeFile(path, Uint8Array.of(0x1f, 0x8b, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    await expectDataError(() => openData(folder), 'DATA_BAD_GZIP', path);
  });
});

describe('bad NPY files', () => {
  it.each([
    { what: 'float64', descr: '<f8' },
    { what: 'complex', descr: '<c8' },
    { what: 'text', descr: '<U3' },
    { what: 'bool', descr: '|b1' },
    { what: 'int32 images', descr: '<i4' },
  ])('dtype: $what', async ({ descr }) => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.npy', npy({ descr, shape: [2, 2] }, pattern(16)));
    await expectDataError(() => openData(path), 'DATA_DTYPE', path);
  });

  it('Fortran order', async () => {
    const folder = await temporaryFolder();
    const options = { descr: '|u1', shape: [2, 2], fortranOrder: true };
    const path = await write(folder, 'x.npy', npy(options, pattern(4)));
    await expectDataError(() => openData(path), 'DATA_FORTRAN_ORDER', path);
  });

  it.each([0.5, 1.5, -1 / 255, NaN, Infinity])(
    'images with a float value that is no uint8: %d',
    async (bad) => {
      const folder = await temporaryFolder();
      const values = Float32Array.from({ length: 20 }, (_, i) => (i === 13 ? bad : i / 255));
      const path = await write(
        folder,
        'x.npy',
        npy({ descr: '<f4', shape: [10, 2, 1] }, bytesOf(values)),
      );
      await expectDataError(
        () => readAll(path),
        'DATA_NOT_UINT8',
        path,
        String(Math.fround(bad)),
        'example 6',
      );
    },
  );

  it('vectors with a number that is not finite', async () => {
    const folder = await temporaryFolder();
    const values = Float32Array.from({ length: 20 }, (_, i) => (i === 13 ? -Infinity : i));
    const bytes = npy({ descr: '<f4', shape: [10, 2] }, bytesOf(values));
    const path = await write(folder, 'x.npy', bytes);
    await expectDataError(() => readAll(path), 'DATA_NOT_FINITE', path, '-Infinity', 'example 6');
  });

  it('too many dimensions', async () => {
    const folder = await temporaryFolder();
    const bytes = npy({ descr: '|u1', shape: [2, 1, 1, 1, 1] }, pattern(2));
    const path = await write(folder, 'x.npy', bytes);
    await expectDataError(() => openData(path), 'DATA_RANK', path);
  });

  it('rank 1', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.npy', npy({ descr: '|u1', shape: [4] }, pattern(4)));
    await expectDataError(() => openData(path), 'DATA_WRONG_KIND', path);
  });

  it('a header that is none', async () => {
    const folder = await temporaryFolder();
    const bytes = npy({ descr: '|u1', shape: [4, 1] }, pattern(4));
    const path = await write(folder, 'x.npy', Buffer.from(bytes.fill(0x20, 12, 60)));
    await expectDataError(() => openData(path), 'DATA_BAD_HEADER', path);
  });

  it('a header cut short', async () => {
    const folder = await temporaryFolder();
    const bytes = npy({ descr: '|u1', shape: [4, 1] }, pattern(4));
    for (const length of [7, 11, 50]) {
      const path = await write(folder, 'x.npy', bytes.subarray(0, length));
      await expectDataError(() => openData(path), 'DATA_TRUNCATED', path);
    }
  });

  it.each([-1, 2 ** 40])('a label of %d', async (label) => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.npy', npy({ descr: '|u1', shape: [2, 1] }, pattern(2)));
    const values = bytesOf(BigInt64Array.of(0n, BigInt(label)));
    const at = await write(folder, 'y.npy', npy({ descr: '<i8', shape: [2] }, values));
    await expectDataError(() => openData(path), 'DATA_BAD_LABEL', at, `${label} at index 1`);
  });

  it('float labels', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.npy', npy({ descr: '|u1', shape: [2, 1] }, pattern(2)));
    const values = bytesOf(Float32Array.of(0, 1));
    const at = await write(folder, 'y.npy', npy({ descr: '<f4', shape: [2] }, values));
    await expectDataError(() => openData(path), 'DATA_DTYPE', at);
  });
});
