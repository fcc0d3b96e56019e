/** Pictures of a run whose model knows classes. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillNoise } from '@lockstep/core';
import { decode, encode } from 'fast-png';
import { expect, it } from 'vitest';
import { normalLatents } from './normalLatents.ts';
import { openTrained } from './openTrained.ts';
import { sampleRun } from './sample.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';

const { done, temporary } = wholeRuns({ train: 60, test: 20 });
const count = 9;
const [columns, cell, padding] = [3, 12, 2];

/** Pixels of each sample. */
async function samples(run: string, label?: string): Promise<string[]> {
  const out = join(temporary, 'samples.png');
  await sampleRun(run, { workerEntry, count, out, seed: 0, ...(label !== undefined && { label }) });
  const { data, width } = decode(readFileSync(out));
  return Array.from({ length: count }, (_, i) => {
    const top = padding + Math.floor(i / columns) * (cell + padding);
    const left = padding + (i % columns) * (cell + padding);
    const rows = Array.from({ length: cell }, (_, y) =>
      data.subarray((top + y) * width + left, (top + y) * width + left + cell).join(),
    );
    return rows.join(';');
  });
}

it('cvae draws the class that is asked for, with the codes of the seed', async () => {
  const { out } = await done({ preset: 'cvae', epochs: 2, batchSize: 20, workers: 1 });
  const any = await samples(out);
  const byClass: string[][] = [];
  for (let label = 0; label < 4; label++) byClass.push(await samples(out, String(label)));
  any.forEach((sample, example) => {
    const u = new Float32Array(1);
    fillNoise(u, 'uniform', { seed: 0, kind: 'sampling', stream: 1, epoch: 0, example });
    expect(sample).toBe(byClass[Math.floor((u[0] ?? 0) * 4)]?.[example]);
  });
  expect(byClass[2]).not.toEqual(byClass[3]);
  await expect(samples(out, '4')).rejects.toMatchObject({ code: 'RUN_NO_SUCH_CLASS' });
});

it('classes with names are asked for by name, or by number', async () => {
  const folder = join(temporary, 'animals');
  for (const [label, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let i = 0; i < 20; i++) {
      const pixels = Uint8Array.from({ length: cell * cell }, (_, at) =>
        at % cell < 6 === (label === 0) ? 255 - i : i,
      );
      const image = { width: cell, height: cell, data: pixels, channels: 1, depth: 8 } as const;
      writeFileSync(join(folder, name, `${i}.png`), encode(image));
    }
  }
  const { out } = await done({ data: folder, preset: 'cvae', steps: 20, batchSize: 8, workers: 1 });
  const dogs = await samples(out, 'dog');
  expect(dogs).toEqual(await samples(out, '1'));
  expect(dogs).not.toEqual(await samples(out, 'cat'));
  await expect(samples(out, 'newt')).rejects.toMatchObject({
    code: 'RUN_NO_SUCH_CLASS',
    expected: 'one of cat, dog, or a class from 0 to 1',
    got: 'newt',
  });
});

it('a model that draws no normal noise has no temperature', async () => {
  const { out } = await done({ preset: 'vq', steps: 1, batchSize: 20, workers: 1 });
  const options = { workerEntry, count: 1, out: join(temporary, 'none.png'), seed: 0 };
  await expect(sampleRun(out, { ...options, temperature: 0.5 })).rejects.toMatchObject({
    code: 'RUN_NO_TEMPERATURE',
  });
  await sampleRun(out, options);
});

it('many are drawn some at a time: each with noise of its own, of its number', async () => {
  const { out } = await done({ preset: 'mlp-2d', steps: 1, batchSize: 20, workers: 1 });
  const trained = await openTrained(out, { workerEntry });
  const told: number[] = [];
  try {
    const drawn = { count: 150, seed: 3 };
    const { x: samples = [] } = await trained.run('sample', drawn);
    const z = normalLatents({ ...drawn, size: 2 });
    const size = samples.length / drawn.count;
    for (const example of [0, 63, 127, 128, 149]) {
      const inputs = { z: z.subarray(2 * example, 2 * example + 2) };
      const { x = [] } = await trained.run('decode', { count: 1, seed: 0, inputs });
      x.forEach((value, i) => expect(samples[example * size + i]).toBeCloseTo(value, 5));
      told.push(samples[example * size] ?? NaN);
    }
    expect(new Set(told).size).toBe(told.length);
  } finally {
    await trained.close();
  }
});

it('a model without classes says so', async () => {
  const { out } = await done({ preset: 'mlp', steps: 1, workers: 1 });
  await expect(samples(out, '3')).rejects.toMatchObject({ code: 'RUN_NO_CLASSES' });
});
