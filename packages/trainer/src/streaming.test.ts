/** Data that is streamed, on whole runs: the same promises as for data in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { describeData } from './datasets/describeData.ts';
import { evaluateRun } from './evaluateRun.ts';
import { wholeRuns, workerEntry } from './testing/wholeRuns.ts';
import { reconstructRun } from './uses/reconstruct.ts';

const { data, temporary, run, done } = wholeRuns({ train: 1100, test: 900 });
const memoryLimit = '96K'; // of which windows of about a hundred pictures of 144 bytes have room
const settings = {
  ...{ data: { source: data, memoryLimit }, modelOptions: { latentDim: 2 } },
  ...{ batchSize: 32, microBatch: 5, learningRate: 1e-3 },
} as const;

it('gives one set of weights, whatever the workers and the channel', async () => {
  const one = await done({ ...settings, epochs: 2, workers: 1 });
  for (const [workers, channel] of [
    [2, 'shared'],
    [4, 'message'],
  ] as const) {
    const many = await done({ ...settings, epochs: 2, workers, channel });
    expect(many, `${workers} workers, channel ${channel}`).toMatchObject({
      weightsSha256: one.weightsSha256,
      testLoss: one.testLoss,
      trainLoss: one.trainLoss,
    });
  }
  const resident = await done({ ...settings, data: { source: data }, epochs: 2, workers: 2 });
  // In other windows, so in another order; but the same examples.
  expect(resident.weightsSha256).not.toBe(one.weightsSha256);
  expect(Math.abs(resident.testLoss / one.testLoss - 1)).toBeLessThan(0.05);
});

it('says so when it begins: how much of the training data is in memory at a time', async () => {
  const { events } = await run({ ...settings, steps: 1, workers: 1 });
  // 48 KiB have room for three windows of 107 examples of 144 bytes, with a label and a number each.
  const streamed = { windows: 11, windowExamples: 104, blockExamples: 26 };
  expect(events).toContainEqual(expect.objectContaining({ event: 'start', streamed }));
  const inMemory = await run({ ...settings, data: { source: data }, steps: 1, workers: 1 });
  expect(inMemory.events.find(({ event }) => event === 'start')).not.toHaveProperty('streamed');
});

it('refuses a limit below a step, and names the batch where there is a flag for it', async () => {
  const low = { source: data, memoryLimit: '8K' };
  const training = run({ ...settings, data: low, steps: 1, workers: 1 });
  await expect(training).rejects.toMatchObject({
    code: 'DATA_MEMORY_LIMIT',
    fix: 'Raise --memory-limit, or lower --batch-size.',
  });
  const { out } = await run({ ...settings, steps: 1, workers: 1 });
  const evaluation = evaluateRun(out, { workerEntry, memoryLimit: '8K' });
  await expect(evaluation).rejects.toMatchObject({
    code: 'DATA_MEMORY_LIMIT',
    fix: 'Raise --memory-limit.',
  });
  await expect(describeData(data, { memoryLimit: 8192 })).rejects.toMatchObject({
    code: 'DATA_MEMORY_LIMIT',
    fix: 'Raise --memory-limit.',
  });
});

it('resumes in the middle of an epoch to the bits of a run that was never stopped', async () => {
  const whole = await done({ ...settings, epochs: 3, workers: 2 });
  const stopped = await run({ ...settings, steps: 50, workers: 3 });
  const resumed = await done({ epochs: 3, workers: 1 }, { resume: stopped.out });
  expect(resumed).toMatchObject({
    weightsSha256: whole.weightsSha256,
    trainLoss: whole.trainLoss,
    testLoss: whole.testLoss,
  });
});

it('evaluates to the very figures the run ended with, and metrics too', async () => {
  const { out, end } = await run({ ...settings, epochs: 1, workers: 2 });
  const request = { metrics: ['mse', 'knn'] };
  const [one, three] = [
    await evaluateRun(out, { workerEntry, workers: 1, request }),
    await evaluateRun(out, { workerEntry, workers: 3, request }),
  ];
  expect(one.testLoss).toBe(end.event === 'done' ? end.testLoss : NaN);
  expect(three).toEqual(one);
});

it('has as many reconstructions as are asked for, each of an example', async () => {
  const { out: trained } = await run({ ...settings, steps: 1, workers: 1 });
  const out = join(temporary, 'pairs.png');
  const { count } = await reconstructRun(trained, { workerEntry, count: 256, out, seed: 0 });
  expect(count).toBe(256);
  const { data: pixels, width } = decode(readFileSync(out));
  // Rows of 16 originals, with their reconstructions below; the last example's bar is at its bottom.
  const [top, left] = [2 + 2 * 15 * 14, 2 + 15 * 14];
  expect(pixels[(top + 10) * width + left + 5]).toBeGreaterThanOrEqual(200);
});
