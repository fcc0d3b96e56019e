import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues } from './dataset.ts';
import { openData } from './openData.ts';
import type { DataOptions } from './options.ts';
import { expectDataError } from './testing/expectDataError.ts';
import { npy, temporaryFolder, write } from './testing/files.ts';

/** Examples of one value, their index; labels of which each third is of the second class. */
async function numbered(count: number, name = 'x'): Promise<string> {
  const folder = await temporaryFolder();
  const values = Uint8Array.from({ length: count }, (_, i) => i);
  const labels = values.map((value) => (value % 3 === 0 ? 1 : 0));
  await write(folder, `${name}.labels.npy`, npy({ descr: '|u1', shape: [count] }, labels));
  return write(folder, `${name}.npy`, npy({ descr: '|u1', shape: [count, 1] }, values));
}

describe('parts of a source', () => {
  it('are held out with their labels', async () => {
    const path = await numbered(200);
    const source = await openData(path, { holdOut: 0.2, validationHoldOut: 0.1 });
    const { train, validation, test } = source;
    expect([train.count, validation?.count, test.count]).toEqual([140, 20, 40]);
    const seen: number[] = [];
    for (const part of ['train', 'validation', 'test'] as const) {
      const dataset = await source.load(part, { stagingBytes: 0 });
      const values = [...datasetValues(dataset)];
      expect(values).toEqual([...(source.positions[part] ?? [])]);
      expect([...(datasetLabels(dataset) ?? [])]).toEqual(values.map((v) => (v % 3 === 0 ? 1 : 0)));
      seen.push(...values);
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('are as ever without a validation part', async () => {
    const path = await numbered(200);
    const [two, three] = await Promise.all([
      openData(path),
      openData(path, { validationHoldOut: 0.1 }),
    ]);
    expect(two.validation).toBeUndefined();
    expect(two.positions.test).toEqual(three.positions.test);
    await expect(two.load('validation', { stagingBytes: 0 })).rejects.toThrow('no validation part');
  });

  it('are trained and validated on examples of some classes alone, and tested on all', async () => {
    const path = await numbered(240);
    const held = { holdOut: 0.2, validationHoldOut: 0.1 };
    const all = await openData(path, held);
    const some = await openData(path, { ...held, onlyLabels: ['1'] });
    for (const part of ['train', 'validation'] as const) {
      expect([...(some.positions[part] ?? [])]).toEqual(
        [...(all.positions[part] ?? [])].filter((position) => position % 3 === 0),
      );
      expect(new Set(some.labels[part])).toEqual(new Set([1]));
    }
    expect(some.positions.test).toEqual(all.positions.test);
    expect([some.train.classes, some.test.classes]).toEqual([2, 2]);
    const loaded = await some.load('train', { stagingBytes: 0 });
    expect([...datasetValues(loaded)]).toEqual([...(some.positions.train ?? [])]);
    await expectDataError(
      () => openData(path, { ...held, onlyLabels: ['2'] }),
      'DATA_UNKNOWN_CLASS',
    );
    const rare = await write(
      await temporaryFolder(),
      'rare.csv',
      Buffer.from(
        `n,c\n${Array.from({ length: 40 }, (_, i) => `${(i * 7) % 20},${i === 3 ? 'b' : 'a'}`).join('\n')}\n`,
      ),
    );
    const onlyRare = { ...held, read: { label: 'c' }, onlyLabels: ['b'] };
    const refused = openData(rare, onlyRare);
    await expect(refused).rejects.toThrow(
      /got none among the \d+ of one part; 1 in all\. .*--split stratified/,
    );
    const values = npy({ descr: '|u1', shape: [20, 1] }, new Uint8Array(20));
    const other = await write(await temporaryFolder(), 'plain.npy', values);
    await expectDataError(() => openData(other, { onlyLabels: ['1'] }), 'DATA_NO_LABELS');
  });

  it('are stratified by label, exactly', async () => {
    const path = await numbered(240); // 80 of the second class
    const options = { split: 'stratified', holdOut: 0.25, validationHoldOut: 0.125 } as const;
    const source = await openData(path, options);
    const ones = async (part: 'train' | 'validation' | 'test'): Promise<number> => {
      const labels = datasetLabels(await source.load(part, { stagingBytes: 0 }));
      return [...(labels ?? [])].filter((label) => label === 1).length;
    };
    expect(await Promise.all([ones('train'), ones('validation'), ones('test')])).toEqual([
      50, 10, 20,
    ]);
    const other = await openData(path, { ...options, splitSeed: 1 });
    expect(other.positions.test).not.toEqual(source.positions.test);
  });

  it('may be files', async () => {
    const [path, validation, test] = await Promise.all([numbered(30), numbered(7), numbered(9)]);
    const source = await openData(path, { validation, test });
    expect([source.train.count, source.validation?.count, source.test.count]).toEqual([30, 7, 9]);
    expect(source.validation?.source).toBe(validation);
    const mixed = await openData(path, { validation, holdOut: 0.5 });
    expect([mixed.train.count, mixed.validation?.count, mixed.test.count]).toEqual([15, 7, 15]);
    const bundled = await openData('mnist', { validationHoldOut: 0.1 });
    expect([bundled.train.count, bundled.validation?.count, bundled.test.count]).toEqual([
      54_000, 6000, 10_000,
    ]);
  });

  it.each<{ options: DataOptions; where: string }>([
    { options: { validationHoldOut: 0 }, where: 'validationHoldOut' },
    { options: { holdOut: 0.5, validationHoldOut: 0.5 }, where: 'validationHoldOut' },
    { options: { validation: 'mnist', validationHoldOut: 0.1 }, where: 'validationHoldOut' },
    { options: { split: 'by hand' as 'random' }, where: 'split' },
    { options: { splitSeed: -1 }, where: 'splitSeed' },
    { options: { splitSeed: 1 }, where: 'splitSeed' },
    { options: { split: 'stratified' }, where: 'split' },
    { options: { split: 'group:user', validationHoldOut: 0.1 }, where: 'column "user"' },
    { options: { augment: 'flop' }, where: 'augment' },
    { options: { augment: 'shift:28' }, where: '28 pixels' },
  ])('refuses $options', async ({ options, where }) => {
    await expectDataError(() => openData('mnist', options), 'DATA_OPTION', where);
  });

  it('needs labels to stratify, and examples for each part', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'a'));
    const few = await write(folder, 'a.npy', npy({ descr: '|u1', shape: [2, 1] }, Buffer.alloc(2)));
    await expectDataError(() => openData(few, { split: 'stratified' }), 'DATA_NO_LABELS', few);
    await expectDataError(() => openData(few, { validationHoldOut: 0.1 }), 'DATA_EMPTY_PART', few);
  });

  it('says how a text of one line has more examples', async () => {
    const folder = await temporaryFolder();
    const line = await write(folder, 'line.txt', Buffer.from('to be or not to be '.repeat(20)));
    await expectDataError(() => openData(line), 'DATA_EMPTY_PART', line, '--read by=window');
    const read = { by: 'window' };
    const data = await openData(line, { read });
    expect([data.train.count, data.test.count]).toEqual([2, 1]);
    await data.close();
    const short = await write(folder, 'short.txt', Buffer.from('to be'));
    const { fix } = await expectDataError(() => openData(short, { read }), 'DATA_EMPTY_PART');
    expect(fix).not.toContain('window');
  });
});
