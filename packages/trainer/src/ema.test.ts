/** The moving average of the weights, on whole runs with real threads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sampleRun } from './uses/sample.ts';
import { evaluateRun } from './evaluateRun.ts';
import { readRun } from './openRun.ts';
import { weightsSha256 } from './run/weightsSha256.ts';
import { wholeRuns, workerEntry } from './testing/wholeRuns.ts';

const { done, run, temporary } = wholeRuns({ train: 110, test: 37 });
// Four steps an epoch.
const settings = { preset: 'mlp', batchSize: 30, ema: 0.9, workers: 1 } as const;

async function averageSha(out: string): Promise<string> {
  const { ema } = (await readRun(out)).checkpoint;
  if (!ema) throw new Error('no average in the checkpoint');
  return weightsSha256(ema);
}

it('is the same, whatever the workers and the channel, and changes nothing in training', async () => {
  const one = await done({ ...settings, epochs: 2 });
  for (const channel of ['shared', 'message'] as const) {
    const many = await done({ ...settings, epochs: 2, workers: 3, channel });
    expect(many.weightsSha256).toBe(one.weightsSha256);
    expect(await averageSha(many.out)).toBe(await averageSha(one.out));
    expect(many.testLoss).toBe(one.testLoss);
  }
  const { ema: _ema, ...plain } = settings;
  const without = await done({ ...plain, epochs: 2 });
  expect(without.weightsSha256).toBe(one.weightsSha256);
  expect(without.testLoss).not.toBe(one.testLoss);
});

it('follows the weights as its formula says', async () => {
  const of = async (steps: number) =>
    (await readRun((await run({ ...settings, steps })).out)).checkpoint;
  const [first, second] = [await of(1), await of(2)];
  expect(second.ema).toHaveLength(second.parameters.length);
  // The second step's decay is 2 / 11.
  second.ema?.forEach(({ name, data }, i) => {
    data.forEach((value, j) => {
      const before = first.ema?.[i]?.data[j] ?? NaN;
      const weight = second.parameters[i]?.data[j] ?? NaN;
      expect(Math.abs(value - (2 / 11) * before - (9 / 11) * weight), name).toBeLessThan(1e-7);
    });
  });
});

it('goes on to the same bits after an interruption', async () => {
  const whole = await done({ ...settings, epochs: 3 });
  const cut = await run({ ...settings, steps: 6, workers: 2 });
  const resumed = await done({ epochs: 3, workers: 3 }, { resume: cut.out });
  expect(resumed).toMatchObject({ weightsSha256: whole.weightsSha256, testLoss: whole.testLoss });
  expect(await averageSha(resumed.out)).toBe(await averageSha(whole.out));
});

describe('a run with an average', () => {
  it('is evaluated and drawn with it', async () => {
    const end = await done({ ...settings, epochs: 2 });
    const evaluation = await evaluateRun(end.out, { workerEntry, workers: 2 });
    expect(evaluation).toMatchObject({ averaged: true, testLoss: end.testLoss });
    const out = join(temporary, 'samples.png');
    await sampleRun(end.out, { workerEntry, count: 64, out, seed: 0 });
    const epochs = readFileSync(join(end.out, 'pictures/samples-epoch-0002.png'));
    expect(readFileSync(out).equals(epochs)).toBe(true);
  });

  it('keeps the model of the best average', async () => {
    const end = await done({ ...settings, epochs: 3 });
    const best = await evaluateRun(end.best?.checkpoint ?? '', { workerEntry });
    expect(best).toMatchObject({ averaged: true, testLoss: end.best?.testLoss });
  });
});
