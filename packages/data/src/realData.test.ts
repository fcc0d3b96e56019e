/**
 * Real data. The bundled digits are always there; other files are looked for in LOCKSTEP_DATA or in
 * ../shared/data beside the project, and their tests are skipped where they are not, or fail if
 * LOCKSTEP_REQUIRE=all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues, type Dataset } from './dataset.ts';
import { openData } from './openData.ts';
import { npy, temporaryFolder } from './testing/files.ts';

const pixels = { valueType: 'uint8', format: { kind: 'image' } } as const;

const bundled = new URL('../mnist/', import.meta.url);
const root =
  process.env['LOCKSTEP_DATA'] ??
  fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** `it`, or a skipped test and a line that says what is missing. */
function itWith(name: string, file: string, test: (path: string) => Promise<void>): void {
  const path = join(root, file);
  if (existsSync(path) || process.env['LOCKSTEP_REQUIRE'] === 'all') {
    it(name, () => test(path));
  } else {
    console.warn(`Skipped, "${name}": there is no ${path}. Set LOCKSTEP_DATA to its folder.`);
    it.skip(name, () => test(path));
  }
}

function countLabels(dataset: Dataset): number[] {
  const counts = Array<number>(dataset.classes ?? 0).fill(0);
  for (const label of datasetLabels(dataset) ?? []) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

describe('the bundled MNIST', () => {
  it('is what its files hold, with the known number of each digit', async () => {
    const source = await openData('mnist');
    const info = { ...pixels, shape: [28, 28, 1], classes: 10, source: 'mnist' };
    expect(source.train).toEqual({ ...info, count: 60_000 });
    expect(source.test).toEqual({ ...info, count: 10_000 });
    const [train, test] = await Promise.all([
      source.load('train', { stagingBytes: 0 }),
      source.load('test', { stagingBytes: 0 }),
    ]);
    for (const [dataset, name] of [
      [train, 'train-images-idx3-ubyte.gz'],
      [test, 't10k-images-idx3-ubyte.gz'],
    ] as const) {
      const raw = gunzipSync(readFileSync(new URL(name, bundled))).subarray(16);
      expect(Buffer.compare(raw, Buffer.from(datasetValues(dataset)))).toBe(0);
    }
    expect(countLabels(train)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(countLabels(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    // The mean of the training pixels is 0.1307 in every tutorial.
    const values = datasetValues(train);
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
    expect(sum / values.length / 255).toBeCloseTo(0.1307, 4);
  });

  it('names its authors and licence', () => {
    const text = readFileSync(new URL('ATTRIBUTION.md', bundled), 'utf8');
    for (const part of ['Yann LeCun', 'Corinna Cortes', 'Christopher Burges', 'CC BY-SA 3.0']) {
      expect(text).toContain(part);
    }
  });
});

describe('data sets on this machine', () => {
  itWith('a folder of MNIST is the bundled MNIST', 'mnist', async (path) => {
    const [folder, own] = await Promise.all([openData(path), openData('mnist')]);
    const [a, b] = await Promise.all(
      [folder, own].map((source) => source.load('test', { stagingBytes: 0 })),
    );
    if (!a || !b) throw new Error('Two datasets were loaded.');
    expect(Buffer.from(datasetValues(a)).equals(Buffer.from(datasetValues(b)))).toBe(true);
  });

  itWith(
    'CIFAR-10 is the same as its own files and as NPY',
    'cifar-10/test_batch.bin.gz',
    async (path) => {
      // The binary version: a label, then 3 planes of 32x32, a row.
      const rows = gunzipSync(readFileSync(path));
      const count = rows.length / 3073;
      const pixels = new Uint8Array(count * 3072);
      const labels = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        labels[i] = rows[i * 3073] ?? 0;
        for (let p = 0; p < 1024; p++) {
          for (let c = 0; c < 3; c++) {
            pixels[i * 3072 + p * 3 + c] = rows[i * 3073 + 1 + c * 1024 + p] ?? 0;
          }
        }
      }
      const folder = await temporaryFolder();
      const images = join(folder, 'X.npy');
      await writeFile(images, npy({ descr: '|u1', shape: [count, 32, 32, 3] }, pixels));
      await writeFile(join(folder, 'y.npy'), npy({ descr: '|u1', shape: [count] }, labels));
      const source = await openData(images);
      expect(source.train).toMatchObject({ shape: [32, 32, 3], count: 900, classes: 10 });
      expect(source.test.count).toBe(100);
      const own = await openData(dirname(path));
      expect(own.train).toMatchObject({ shape: [32, 32, 3], count: 10_000, classes: 10 });
      const test = await own.load('test', { stagingBytes: 0 });
      expect(Buffer.compare(datasetValues(test), pixels)).toBe(0);
      expect([...(datasetLabels(test) ?? [])]).toEqual([...labels]);
      const grey = await openData(images, { test: images, resize: [28, 28], color: 'grey' });
      const dataset = await grey.load('train', { stagingBytes: 0 });
      expect(dataset).toMatchObject({ shape: [28, 28, 1], count });
      expect([...(datasetLabels(dataset) ?? [])]).toEqual([...labels]);
    },
  );
});
