/** Samples of the Gaussian that the latents of the training data follow. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsOf } from '@lockstep/core/metrics';
import { expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { drawFitted } from './fittedPrior.ts';
import { encodeInPieces } from './latents.ts';
import { openTrained } from './openTrained.ts';
import { sampleRun } from './sample.ts';

const { done, temporary } = wholeRuns({ train: 300, test: 20 });
const trainedRun = async (): Promise<string> =>
  (await done({ epochs: 1, batchSize: 20, workers: 1, modelOptions: { latentDim: 2 } })).out;

it('lie around the mean of the latents of the training data, and are decoded', async () => {
  const trained = await openTrained(await trainedRun(), { workerEntry });
  try {
    const data = await trained.own('train');
    expect(data.info.count).toBe(300);
    const mean = [0, 0];
    await encodeInPieces(trained, data, {
      onRows: ({ mu = rowsOf(new Float32Array(0), 2) }) => {
        mu.data.forEach((value, at) => {
          mean[at % 2] = (mean[at % 2] ?? 0) + value / 300;
        });
      },
    });
    const inputs = { z: Float32Array.from(mean) };
    const { x = [] } = await trained.run('decode', { count: 1, seed: 0, inputs });
    const middle = Float32Array.from(x);
    const size = middle.length;
    const near = await drawFitted(trained, { count: 3, seed: 1, temperature: 1e-9 });
    expect(near.length).toBe(3 * size);
    near.forEach((value, at) => {
      expect(value).toBeCloseTo(middle[at % size] ?? NaN, 5);
    });
    const far = await drawFitted(trained, { count: 3, seed: 1, temperature: 1 });
    expect(far.slice(0, size)).not.toEqual(far.slice(size, 2 * size));
  } finally {
    await trained.close();
  }
});

it('are the same with any number of workers, and others than those of the prior', async () => {
  const run = await trainedRun();
  const samples = async (workers: number, fittedPrior: boolean): Promise<string> => {
    const out = join(temporary, `${workers}-${fittedPrior}.png`);
    await sampleRun(run, { workerEntry, workers, fittedPrior, count: 4, seed: 0, out });
    return readFileSync(out, 'base64');
  };
  const one = await samples(1, true);
  expect(await samples(3, true)).toBe(one);
  expect(await samples(1, false)).not.toBe(one);
});

it.each([
  ['cvae', 'z and label'],
  ['vq', 'codes'],
])('%s, which decodes %s, has none', async (preset, inputs) => {
  const { out } = await done({ preset, steps: 1, batchSize: 20, workers: 1 });
  const path = join(temporary, 'none.png');
  const options = { workerEntry, count: 1, seed: 0, out: path, fittedPrior: true };
  await expect(sampleRun(out, options)).rejects.toMatchObject({
    code: 'CONFIG_USELESS_FLAG',
    where: '--fitted-prior',
    got: `model ${preset}, which decodes ${inputs}`,
  });
});
