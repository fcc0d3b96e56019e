import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openData } from '../openData.ts';
import { datasetLabels, datasetValues } from '../dataset.ts';
import { expectDataError } from '../testing/expectDataError.ts';
import { image, pattern, temporaryFolder } from '../testing/files.ts';
import { openParquetImages } from './parquetImages.ts';

interface Table {
  /** PNG bytes; null where a row has none. */
  readonly images: readonly (Uint8Array | null)[];
  readonly labels?: readonly (number | string | null)[];
  readonly names?: readonly string[];
  readonly rowGroupSize?: number;
}

/** A file as Hugging Face's datasets write it: a struct of bytes and path, class names in the metadata. */
async function huggingFace(path: string, table: Table): Promise<string> {
  const { images, labels, names, rowGroupSize = 1000 } = table;
  const isText = typeof labels?.[0] === 'string';
  const columnData = [
    { name: 'image', data: images.map((bytes) => bytes && { bytes, path: 'a.png' }) },
    ...(labels
      ? [{ name: 'label', data: labels.map((l) => (isText || l === null ? l : BigInt(l))) }]
      : []),
  ];
  const features = { label: { _type: 'ClassLabel', names } };
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    columnData,
    rowGroupSize,
    schema: [
      { name: 'schema', num_children: columnData.length },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ...(labels
        ? [
            isText
              ? ({
                  name: 'label',
                  type: 'BYTE_ARRAY',
                  converted_type: 'UTF8',
                  repetition_type: 'OPTIONAL',
                } as const)
              : ({ name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' } as const),
          ]
        : []),
    ],
    ...(names && {
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
    }),
  });
  await writeFile(path, writer.getBytes());
  return path;
}

const pixels = (i: number): Uint8Array => pattern(48, i * 7);
const pngs = (count: number, first = 0): Promise<Buffer[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => image('png', pixels(first + i), [4, 4, 3])));

describe('images in Parquet', () => {
  it('come back with their labels and names, over several row groups', async () => {
    const folder = await temporaryFolder();
    const labels = Array.from({ length: 25 }, (_, i) => i % 3);
    const path = await huggingFace(join(folder, 'a.parquet'), {
      images: await pngs(25),
      labels,
      names: ['cat', 'dog', 'fox', 'owl'],
      rowGroupSize: 10,
    });
    const source = await openData(path, { holdOut: 0.4 });
    expect(source.train).toMatchObject({
      shape: [4, 4, 3],
      count: 15,
      classes: 4,
      format: { kind: 'image', classNames: ['cat', 'dog', 'fox', 'owl'] },
    });
    for (const part of ['train', 'test'] as const) {
      const dataset = await source.load(part, { stagingBytes: 0 });
      const positions = [...(source.positions[part] ?? [])];
      expect([...(datasetLabels(dataset) ?? [])]).toEqual(positions.map((i) => i % 3));
      expect([...datasetValues(dataset)]).toEqual(positions.flatMap((i) => [...pixels(i)]));
    }
  });

  it('are read by the same threads until they are closed, however often they are read', async () => {
    const path = await huggingFace(join(await temporaryFolder(), 'a.parquet'), {
      images: await pngs(6),
      rowGroupSize: 2,
    });
    const started: Worker[] = [];
    const note = (worker: Worker) => started.push(worker);
    process.on('worker', note);
    onTestFinished(() => void process.off('worker', note));
    const source = await openParquetImages(path, [path], {});
    const reader = source.openReader?.();
    for (const positions of [[0, 3], [5]]) {
      const target = new Uint8Array(new SharedArrayBuffer(48 * positions.length));
      await reader?.read(target, Uint32Array.from(positions));
      expect([...target]).toEqual(positions.flatMap((i) => [...pixels(i)]));
    }
    expect(started).toHaveLength(1);
    await reader?.close();
    expect(started[0]?.threadId).toBe(-1);
  });

  it('may lie in several files, with parts by their names', async () => {
    const folder = await temporaryFolder();
    const data = join(folder, 'data');
    await mkdir(data);
    const write = async (name: string, count: number, first: number, labels: string[]) =>
      huggingFace(join(data, name), { images: await pngs(count, first), labels });
    await write('train-00000-of-00002.parquet', 2, 0, ['b', 'a']);
    await write('train-00001-of-00002.parquet', 1, 2, ['c']);
    await write('validation-00000-of-00001.parquet', 1, 3, ['c']);
    await write('test-00000-of-00001.parquet', 2, 4, ['a', 'b']);
    const source = await openData(folder);
    expect([source.train.count, source.validation?.count, source.test.count]).toEqual([3, 1, 2]);
    const labelsOf = async (part: 'train' | 'validation' | 'test') => [
      ...(datasetLabels(await source.load(part, { stagingBytes: 0 })) ?? []),
    ];
    expect(await labelsOf('train')).toEqual([1, 0, 2]);
    expect(await labelsOf('validation')).toEqual([2]);
    expect(await labelsOf('test')).toEqual([0, 1]);
    const train = await source.load('train', { stagingBytes: 0 });
    expect([...datasetValues(train)]).toEqual([0, 1, 2].flatMap((i) => [...pixels(i)]));
  });

  it('may be bytes alone, without labels', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.parquet');
    const writer = new ByteWriter();
    const data = await pngs(3);
    await parquetWrite({
      writer,
      columnData: [{ name: 'picture', data }],
      schema: [
        { name: 'schema', num_children: 1 },
        { name: 'picture', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED' },
      ],
    });
    await writeFile(path, writer.getBytes());
    const source = await openData(path, { test: path, color: 'grey', resize: [2, 2] });
    expect(source.train).toMatchObject({ shape: [2, 2, 1], count: 3 });
    expect(source.train).not.toHaveProperty('classes');
  });

  it('are refused where they are broken, missing or of another size: file and row', async () => {
    const folder = await temporaryFolder();
    const good = await pngs(2);
    const other = await image('png', pattern(75), [5, 5, 3]);
    const cases = [
      { bytes: Buffer.from('no picture'), code: 'DATA_BROKEN_IMAGE' },
      { bytes: null, code: 'DATA_BROKEN_IMAGE' },
      { bytes: other, code: 'DATA_IMAGE_SIZE' },
    ] as const;
    for (const [i, { bytes, code }] of cases.entries()) {
      const path = await huggingFace(join(folder, `${i}.parquet`), { images: [...good, bytes] });
      const source = await openData(path, { test: path });
      await expectDataError(
        () => source.load('train', { stagingBytes: 0 }),
        code,
        `${path}, row 3`,
        code === 'DATA_BROKEN_IMAGE' ? 'in this row, or without the row' : '5x5',
      );
    }
  });

  it('are refused where labels or the file are wrong', async () => {
    const folder = await temporaryFolder();
    const images = await pngs(2);
    const bad = await huggingFace(join(folder, 'a.parquet'), { images, labels: [0, -2] });
    await expectDataError(() => openData(bad), 'DATA_BAD_LABEL', 'row 2, column "label"', '-2');
    const cut = join(folder, 'cut.parquet');
    await writeFile(cut, 'PAR1 and no more');
    await expectDataError(() => openData(`image:${cut}`), 'DATA_BAD_PARQUET', cut);
    const table = join(folder, 'table.parquet');
    const writer = new ByteWriter();
    await parquetWrite({ writer, columnData: [{ name: 'age', data: [1, 2], type: 'INT32' }] });
    await writeFile(table, writer.getBytes());
    await expectDataError(() => openData(`image:${table}`), 'DATA_WRONG_KIND', table, 'age');
  });
});
