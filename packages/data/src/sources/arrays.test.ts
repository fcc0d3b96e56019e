import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues } from '../dataset.ts';
import { openData, type DataSource } from '../openData.ts';
import type { DataPart } from '../parts.ts';
import { bytesOf, idx, npy, pattern, temporaryFolder, write } from '../testing/files.ts';
import { labelNames } from './siblings.ts';

const pixels = { valueType: 'uint8', format: { kind: 'image' } } as const;

interface Loaded {
  readonly values: number[];
  readonly labels: number[] | undefined;
}

async function load(source: DataSource, part: DataPart): Promise<Loaded> {
  const dataset = await source.load(part, { stagingBytes: 0 });
  const labels = datasetLabels(dataset);
  return { values: [...datasetValues(dataset)], labels: labels && [...labels] };
}

/** All examples of both parts, in the order of the file: rows of `size` values. */
async function loadRows(source: DataSource, size: number): Promise<Set<string>> {
  const parts = [await load(source, 'train'), await load(source, 'test')];
  const rows = new Set<string>();
  for (const { values } of parts) {
    for (let at = 0; at < values.length; at += size) rows.add(values.slice(at, at + size).join());
  }
  return rows;
}

/** Files with MNIST's names: 6 train and 3 test images of 4x5. */
async function writeMnist(folder: string, ending: '' | '.gz', separator = '-'): Promise<void> {
  const name = (part: string, kind: string): string =>
    `${part}-${kind}${separator}idx${kind === 'images' ? 3 : 1}-ubyte${ending}`;
  await write(folder, name('train', 'images'), idx([6, 4, 5], pattern(120)));
  await write(folder, name('train', 'labels'), idx([6], Uint8Array.of(0, 1, 2, 3, 2, 1)));
  await write(folder, name('t10k', 'images'), idx([3, 4, 5], pattern(60, 500)));
  await write(folder, name('t10k', 'labels'), idx([3], Uint8Array.of(4, 1, 0)));
}

describe('a folder with the names of MNIST', () => {
  it.each([
    { ending: '' as const, separator: '-' },
    { ending: '.gz' as const, separator: '-' },
    { ending: '' as const, separator: '.' },
  ])('gives both parts with their labels: "$ending", "$separator"', async (names) => {
    const folder = await temporaryFolder();
    await writeMnist(folder, names.ending, names.separator);
    const source = await openData(folder);
    // Five classes in both parts, though the train labels stop at 3.
    expect(source.train).toEqual({
      ...pixels,
      shape: [4, 5, 1],
      count: 6,
      classes: 5,
      source: folder,
    });
    expect(source.test).toEqual({
      ...pixels,
      shape: [4, 5, 1],
      count: 3,
      classes: 5,
      source: folder,
    });
    expect(await load(source, 'train')).toEqual({
      values: [...pattern(120)],
      labels: [0, 1, 2, 3, 2, 1],
    });
    expect(await load(source, 'test')).toEqual({
      values: [...pattern(60, 500)],
      labels: [4, 1, 0],
    });
  });

  it('needs no labels', async () => {
    const folder = await temporaryFolder();
    await write(folder, 'train-images-idx3-ubyte', idx([20, 2, 2], pattern(80)));
    const source = await openData(folder);
    expect(source.train).toEqual({ ...pixels, shape: [2, 2, 1], count: 18, source: folder });
    expect((await load(source, 'test')).labels).toBeUndefined();
  });

  it('is the test data of another source', async () => {
    const folder = await temporaryFolder();
    await writeMnist(folder, '');
    const train = await write(
      folder,
      'mine.npy',
      npy({ descr: '|u1', shape: [2, 4, 5] }, pattern(40)),
    );
    const source = await openData(train, { test: folder });
    expect(source.train.count).toBe(2);
    expect(source.test).toMatchObject({ count: 3, source: folder });
    expect((await load(source, 'test')).values).toEqual([...pattern(60, 500)]);
  });
});

describe('a single file', () => {
  it.each([
    { what: 'IDX of rank 3', shape: [30, 3, 4], example: [3, 4, 1] },
    { what: 'IDX of rank 4', shape: [30, 3, 4, 2], example: [3, 4, 2] },
    { what: 'IDX of rank 2', shape: [30, 7], example: [7] },
  ])('$what comes back whole', async ({ shape, example }) => {
    const folder = await temporaryFolder();
    const size = example.reduce((a, b) => a * b);
    const values = pattern(30 * size);
    for (const name of ['data.idx', 'data.idx.gz']) {
      const source = await openData(await write(folder, name, idx(shape, values)));
      expect(source.train).toMatchObject({ shape: example, count: 27 });
      expect(source.test).toMatchObject({ shape: example, count: 3 });
      const rows = Array.from({ length: 30 }, (_, i) =>
        values.slice(i * size, (i + 1) * size).join(),
      );
      expect(await loadRows(source, size)).toEqual(new Set(rows));
    }
  });

  it('NPY comes back whole for any shape and version, compressed or not', async () => {
    const folder = await temporaryFolder();
    const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });
    const version = fc.constantFrom(1 as const, 2 as const);
    const ending = fc.constantFrom('', '.gz');
    await fc.assert(
      fc.asyncProperty(shapes, version, ending, async (example, format, gz) => {
        const size = example.reduce((a, b) => a * b);
        const values = pattern(3 * size);
        const bytes = npy({ descr: '|u1', shape: [3, ...example], version: format }, values);
        const path = await write(folder, `x.npy${gz}`, bytes);
        const source = await openData(path, { test: path });
        const shape = example.length === 2 ? [...example, 1] : example;
        expect(source.train).toMatchObject({ shape, count: 3 });
        expect((await load(source, 'train')).values).toEqual([...values]);
      }),
      { numRuns: 30 },
    );
  });

  it.each(['<f4', '>f4'])('images of %s may be multiples of 1/255', async (descr) => {
    const folder = await temporaryFolder();
    const bytes = Buffer.alloc(2 * 256 * 4);
    for (let i = 0; i < 512; i++) {
      const value = (i % 256) / 255;
      if (descr === '<f4') bytes.writeFloatLE(value, i * 4);
      else bytes.writeFloatBE(value, i * 4);
    }
    const path = await write(folder, 'x.npy', npy({ descr, shape: [2, 16, 16] }, bytes));
    const { values } = await load(await openData(path, { test: path }), 'train');
    expect(values).toEqual(Array.from({ length: 512 }, (_, i) => i % 256));
  });

  it.each(['<f4', '>f4'])('vectors of %s are kept as they are', async (descr) => {
    const folder = await temporaryFolder();
    const numbers = [-1.5, 1e-30, NaN, 3, 0.1, 7];
    const bytes = Buffer.alloc(24);
    for (const [i, value] of numbers.entries()) {
      if (descr === '<f4') bytes.writeFloatLE(value, i * 4);
      else bytes.writeFloatBE(value, i * 4);
    }
    const path = await write(folder, 'x.npy', npy({ descr, shape: [3, 2] }, bytes));
    const source = await openData(path, { holdOut: 0.3 });
    expect(source.train).toMatchObject({
      shape: [2],
      valueType: 'float32',
      format: { kind: 'array' },
    });
    const all = new Map<number, number[]>();
    for (const part of ['train', 'test'] as const) {
      const dataset = await source.load(part, { stagingBytes: 0 });
      const floats = new Float32Array(dataset.memory.buffer, 0, 2 * dataset.count);
      for (const [i, position] of (source.positions[part] ?? []).entries()) {
        all.set(position, [...floats.slice(2 * i, 2 * i + 2)]);
      }
    }
    expect([0, 1, 2].flatMap((i) => all.get(i))).toEqual(numbers.map(Math.fround));
  });

  it.each([
    { descr: '|u1', bytes: bytesOf(Uint8Array.of(3, 0, 200)), labels: [3, 0, 200] },
    { descr: '|i1', bytes: bytesOf(Int8Array.of(3, 0, 120)), labels: [3, 0, 120] },
    { descr: '<i2', bytes: bytesOf(Int16Array.of(3, 0, 999)), labels: [3, 0, 999] },
    { descr: '<u4', bytes: bytesOf(Uint32Array.of(3, 0, 70000)), labels: [3, 0, 70000] },
    { descr: '<i8', bytes: bytesOf(BigInt64Array.of(3n, 0n, 5n)), labels: [3, 0, 5] },
    { descr: '>i4', bytes: Uint8Array.of(0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 1, 0), labels: [3, 0, 256] },
  ])('NPY labels of dtype $descr', async ({ descr, bytes, labels }) => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'd.npy', npy({ descr: '|u1', shape: [3, 2] }, pattern(6)));
    await write(folder, 'd.labels.npy', npy({ descr, shape: [3] }, bytes));
    const source = await openData(path, { test: path });
    expect(source.train.classes).toBe(Math.max(...labels) + 1);
    expect((await load(source, 'train')).labels).toEqual(labels);
  });

  it('gzip may be padded with zeros and have several members', async () => {
    const folder = await temporaryFolder();
    const bytes = idx([1000, 3, 3], pattern(9000));
    const members = [gzipSync(bytes.subarray(0, 4000)), gzipSync(bytes.subarray(4000))];
    for (const gz of [
      [gzipSync(bytes), Buffer.alloc(10)],
      [gzipSync(bytes), Buffer.alloc(600_000)],
      members,
    ]) {
      const path = join(folder, 'x.idx.gz');
      await writeFile(path, Buffer.concat(gz));
      const { values } = await load(await openData(path, { test: path }), 'train');
      expect(values).toEqual([...pattern(9000)]);
    }
  });

  it('finds labels by the customary names', () => {
    expect(labelNames('train-images-idx3-ubyte.gz')[0]).toBe('train-labels-idx1-ubyte.gz');
    expect(labelNames('emnist-images.idx3-ubyte')[0]).toBe('emnist-labels.idx1-ubyte');
    expect(labelNames('X.npy')).toEqual(expect.arrayContaining(['X.labels.npy', 'y.npy']));
    expect(labelNames('x_train.npy')).toContain('y_train.npy');
    expect(labelNames('faces.npy')).toEqual(['faces.labels.npy', 'faces.labels.npy.gz']);
  });
});

describe('memory', () => {
  it('has every part on a 64-byte boundary, and staging of the size asked for', async () => {
    const folder = await temporaryFolder();
    await writeMnist(folder, '');
    const dataset = await (await openData(folder)).load('train', { stagingBytes: 70_000 });
    expect(dataset.valuesOffset % 64).toBe(0);
    expect((dataset.labelsOffset ?? NaN) % 64).toBe(0);
    expect(dataset.stagingOffset % 64).toBe(0);
    expect(dataset.stagingBytes).toBe(70_000);
    const { byteLength } = dataset.memory.buffer;
    expect(byteLength).toBeGreaterThanOrEqual(dataset.stagingOffset + 70_000);
    expect(dataset.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('survives structured clone as the same bytes', async () => {
    const folder = await temporaryFolder();
    await writeMnist(folder, '');
    const dataset = await (await openData(folder)).load('train', { stagingBytes: 0 });
    const clone = structuredClone(dataset);
    expect(datasetValues(clone)).toEqual(datasetValues(dataset));
    datasetValues(dataset)[3] = 99;
    expect(datasetValues(clone)[3]).toBe(99);
  });
});

describe('resize and color', () => {
  it('apply to arrays', async () => {
    const folder = await temporaryFolder();
    const rgb = Uint8Array.from({ length: 2 * 16 * 3 }, (_, i) => (i < 48 ? 100 : 50));
    const path = await write(folder, 'x.npy', npy({ descr: '|u1', shape: [2, 4, 4, 3] }, rgb));
    const source = await openData(path, { test: path, resize: [2, 3], color: 'grey' });
    expect(source.train.shape).toEqual([2, 3, 1]);
    const { values } = await load(source, 'train');
    expect(values).toEqual([...Array<number>(6).fill(100), ...Array<number>(6).fill(50)]);
  });

  it('make color of grey', async () => {
    const folder = await temporaryFolder();
    const path = await write(folder, 'x.idx', idx([2, 1, 2], Uint8Array.of(1, 2, 3, 4)));
    const source = await openData(path, { test: path, color: 'rgb' });
    expect(source.train.shape).toEqual([1, 2, 3]);
    expect((await load(source, 'train')).values).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
    const larger = await openData(path, { test: path, color: 'rgb', resize: [2, 2] });
    expect((await load(larger, 'train')).values).toEqual(
      [1, 2, 1, 2, 3, 4, 3, 4].flatMap((value) => [value, value, value]),
    );
  });
});
