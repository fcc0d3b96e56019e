/** Whole sweeps with real threads: small data, every number exact. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveTrainConfig } from './config/resolveTrainConfig.ts';
import type { TrainConfig } from './config/trainConfig.ts';
import { findLearningRate, type SweepOptions, type WrittenSweep } from './findLearningRate.ts';
import { wholeRuns, workerEntry } from './testing/wholeRuns.ts';

const { data, temporary, done } = wholeRuns({ train: 210, test: 37 });
let sweeps = 0;

function sweep(
  settings: TrainConfig,
  options: Partial<SweepOptions> = {},
): Promise<{ found: WrittenSweep; folder: string }> {
  const folder = join(temporary, `sweep-${sweeps++}`);
  mkdirSync(folder);
  const range = { from: 1e-6, to: 10, steps: 60, out: join(folder, 'rates.svg') };
  const flags = { data, engine: 'onnx', batchSize: 32, ...settings } as const;
  return resolveTrainConfig({ flags })
    .then((config) => findLearningRate(config, { workerEntry, ...range, ...options }))
    .then((found) => ({ found, folder }));
}

it('gives one curve, whatever the workers and the channel, and writes nothing else', async () => {
  const { found, folder } = await sweep({ workers: 1 });
  expect(found).toMatchObject({ model: 'mlp', from: 1e-6, to: 10, steps: 60, diverged: true });
  expect(readdirSync(folder)).toEqual(['rates.json', 'rates.svg']);
  expect(readFileSync(found.plot, 'utf8')).toContain('>learning rate</text>');
  const { plot: _plot, curve, ...result } = found;
  expect(JSON.parse(readFileSync(curve, 'utf8'))).toEqual(result);
  for (const settings of [{ workers: 3 }, { workers: 2, channel: 'message' }] as const) {
    const again = await sweep(settings);
    expect(again.found.points).toEqual(found.points);
    expect(again.found.suggested).toBe(found.suggested);
    expect(readFileSync(again.found.plot, 'utf8')).toBe(readFileSync(found.plot, 'utf8'));
  }
});

it('sweeps from the one rate to the other, whatever schedule and length the configuration has', async () => {
  const settings = { schedule: 'cosine', epochs: 1, learningRate: 0.3, earlyStopping: 1 } as const;
  const { found } = await sweep(settings, { from: 1e-5, to: 1e-3, steps: 21 });
  expect(found.points).toHaveLength(21);
  for (const [step, { learningRate }] of found.points.entries()) {
    expect(Math.abs(learningRate / 10 ** (-5 + step / 10) - 1)).toBeLessThan(1e-12);
  }
  expect(found.diverged).toBe(false);
  expect(found.suggested).toBeGreaterThan(1e-5);
});

it('suggests a rate at which SGD trains, below that of the lowest loss', async () => {
  const { found } = await sweep({ optimizer: 'sgd', workers: 2 });
  expect(found.diverged).toBe(true);
  expect(found.suggested).toBeLessThan(found.lowest?.learningRate ?? NaN);
  const learningRate = found.suggested ?? NaN;
  const end = await done({ optimizer: 'sgd', learningRate, batchSize: 32, epochs: 2 });
  expect(end.trainLoss).toBeLessThan(found.points[0]?.loss ?? NaN);
});

it.each([
  [{ to: 1e-6 }, '--to'],
  [{ out: 'rates.pdf' }, '--out'],
])('refuses %j before it begins', async (options, where) => {
  await expect(sweep({}, options)).rejects.toMatchObject({ where });
});

it.each(['shared', 'message'] as const)(
  'ends with the reason of its signal, and writes nothing, by the channel %s',
  async (channel) => {
    const steps = 500;
    for (const end of [0, 1, 7, steps]) {
      const abort = new AbortController();
      const out = join(temporary, `ended-${sweeps++}.svg`);
      let told = 0;
      const onStep = (): void => {
        if (++told === end) abort.abort(new Error('enough'));
      };
      if (end === 0) abort.abort(new Error('enough'));
      // A rate that is never too large: it would end by itself.
      const range = { from: 1e-6, to: 1e-4, steps, out, signal: abort.signal, onStep };
      await expect(sweep({ workers: 2, channel }, range)).rejects.toThrow('enough');
      if (end === 0) expect(told).toBe(0);
      else if (end < steps) expect(told).toBeLessThan(steps);
      expect(readdirSync(temporary).filter((name) => name.startsWith('ended-'))).toEqual([]);
    }
  },
);

it('fails where the very first loss is not finite', async () => {
  const model = join(import.meta.dirname, 'testing/nanModel.mjs');
  await expect(sweep({ model, workers: 2 })).rejects.toMatchObject({ code: 'RUN_NOT_FINITE' });
});

it('refuses before the work to write its curve over the configuration, or where a folder is', async () => {
  const folder = join(temporary, 'configured');
  mkdirSync(join(folder, 'rates.json'), { recursive: true });
  const configFile = join(folder, 'mlp.json');
  writeFileSync(configFile, '{}');
  await expect(sweep({}, { configFile, out: join(folder, 'mlp.svg') })).rejects.toMatchObject({
    code: 'CONFIG_OUT_IS_INPUT',
    got: configFile,
  });
  await expect(sweep({}, { out: join(folder, 'rates.svg') })).rejects.toMatchObject({
    code: 'RUN_WRITE_FAILED',
    where: join(folder, 'rates.json'),
  });
  expect(readdirSync(folder)).toEqual(['mlp.json', 'rates.json']);
});
