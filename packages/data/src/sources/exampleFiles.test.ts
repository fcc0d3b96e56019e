import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { datasetLabels, datasetValues } from '../dataset.ts';
import { openData, openMoreData } from '../openData.ts';
import { wavOf } from '../testing/sound.ts';
import { image, temporaryFolder, write } from '../testing/files.ts';

/** Pictures of one value, that of their name, in folders of classes. */
async function pictures(folder: string, from: number, count: number): Promise<string> {
  for (const [k, name] of ['a cat', 'dög'].entries()) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const value = from + k * count + i;
      const png = await image('png', new Uint8Array(4).fill(value), [2, 2, 1]);
      await write(join(folder, name), `${value}.png`, png);
    }
  }
  return folder;
}

const valueIn = (path: string | undefined) => Number(/(\d+)\.png$/.exec(path ?? '')?.[1]);

describe('files of examples', () => {
  it.each([{}, { memoryLimit: 300 }])('are those of each part of a split, %o', async (options) => {
    const folder = await pictures(await temporaryFolder(), 0, 60);
    const held = { holdOut: 0.2, validationHoldOut: 0.1, splitSeed: 7 };
    const source = await openData(`${folder}/`, { ...held, ...options });
    const all = new Set<string>();
    for (const part of ['train', 'validation', 'test'] as const) {
      const dataset = await source.load(part, { stagingBytes: 0 });
      const head = dataset.head ?? dataset;
      for (let i = 0; i < head.count; i++) {
        const path = source.files[part]?.pathOf(i) ?? '';
        all.add(path);
        expect(valueIn(path)).toBe(datasetValues(head)[4 * i]);
        const label = datasetLabels(head)?.[i];
        expect(path).toBe(`${['a cat', 'dög'][label ?? -1]}/${valueIn(path)}.png`);
      }
    }
    await source.close();
    expect(all.size).toBe(120);
  });

  it('begin in the folder that was named, where parts are folders of it', async () => {
    const folder = await temporaryFolder();
    await pictures(join(folder, 'train'), 0, 3);
    await pictures(join(folder, 'test'), 100, 2);
    const { files, train } = await openData(folder);
    expect(files.train?.pathOf(4)).toBe('train/dög/4.png');
    expect(files.test?.pathOf(3)).toBe('test/dög/103.png');
    const other = await pictures(await temporaryFolder(), 0, 3);
    const more = await openMoreData(other, {}, train);
    expect(more.files?.pathOf(5)).toBe('dög/5.png');
  });

  it('of cut recordings say where each begins', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'x'));
    const noise = (count: number) => Float64Array.from({ length: count }, (_, n) => (n * n) % 3001);
    await write(join(folder, 'x'), 'long.wav', wavOf([noise(8000)]));
    await write(join(folder, 'x'), 'short.wav', wavOf([noise(4000)]));
    const read = { features: 'raw', seconds: 0.5, every: 0.25 };
    const { files, test } = await openData(folder, { read, holdOut: 0.5 });
    const { train } = await openData(folder, { read });
    const all = await openMoreData(folder, {}, train);
    const told = Array.from({ length: all.info.count }, (_, i) => [
      all.files?.pathOf(i),
      all.files?.startOf?.(i),
    ]);
    expect(told).toEqual([
      ...[0, 0.25, 0.5].map((start) => ['x/long.wav', start]),
      ['x/short.wav', 0],
    ]);
    expect(test.count).toBe(2);
    const held = [0, 1].map((i) => [files.test?.pathOf(i), files.test?.startOf?.(i)]);
    expect(told).toEqual(expect.arrayContaining(held));
    const one = await openMoreData(join(folder, 'x/long.wav'), {}, train);
    expect(one.files?.pathOf(2)).toBe('long.wav');
  });

  it('of whole recordings have no start, and of their parts the right name', async () => {
    const folder = await temporaryFolder();
    for (let i = 0; i < 4; i++) {
      await write(folder, `${i}.wav`, wavOf([new Float64Array(2000 + 1000 * i).fill(9)]));
    }
    const read = { features: 'raw', testPattern: '[13]' };
    const { files } = await openData(folder, { read });
    const names = (['train', 'test'] as const).map((part) =>
      [0, 1].map((i) => files[part]?.pathOf(i)),
    );
    expect(names).toEqual([
      ['0.wav', '2.wav'],
      ['1.wav', '3.wav'],
    ]);
    expect(files.test?.startOf).toBeUndefined();
  });
});
