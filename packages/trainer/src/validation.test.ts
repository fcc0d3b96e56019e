/** Runs with validation data: what is chosen by it, and that nothing changes without. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochEvent, RunEvent, StartEvent } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { evaluateRun } from './evaluateRun.ts';
import { wholeRuns, workerEntry } from './testing/wholeRuns.ts';

const { data, run, done } = wholeRuns({ train: 210, test: 37 });
const settings = { batchSize: 50, workers: 2, epochs: 2 } as const;

const startOf = (events: RunEvent[]): StartEvent | undefined =>
  events.find((event) => event.event === 'start');
const epochsOf = (events: RunEvent[]): EpochEvent[] =>
  events.filter((event) => event.event === 'epoch');

describe('a run with validation data', () => {
  it('evaluates its epochs on it, and its end on the test data', async () => {
    const held = { source: data, validationHoldOut: 0.2, split: 'stratified' } as const;
    const { end, events, out } = await run({ ...settings, data: held });
    expect(startOf(events)).toMatchObject({
      examples: 168,
      validationExamples: 42,
      testExamples: 37,
    });
    const [first, last] = epochsOf(events);
    expect([first?.part, last?.part]).toEqual(['validation', 'validation']);
    if (end.event !== 'done') throw new Error(`the run ended with ${end.event}`);
    expect(end).toMatchObject({ part: 'validation', testLoss: last?.testLoss });
    const scalars = readFileSync(join(out, 'metrics.jsonl'), 'utf8');
    expect(scalars).toContain('"part":"validation"');

    const [test, validation, train] = await Promise.all(
      (['test', 'validation', 'train'] as const).map((part) =>
        evaluateRun(out, { workerEntry, part, workers: 1 }),
      ),
    );
    expect(validation).toMatchObject({ part: 'validation', examples: 42, testLoss: end.testLoss });
    expect(test).toMatchObject({ examples: 37 });
    expect(test).not.toHaveProperty('part');
    expect(test?.testLoss).not.toBe(end.testLoss);
    expect(train).toMatchObject({ part: 'train', examples: 168 });
    const more = await evaluateRun(out, {
      workerEntry,
      part: 'validation',
      request: { metrics: ['active-units'] },
    });
    expect(more.metrics).toHaveProperty('active-units');
  });

  it('goes on with the same parts, and refuses others', async () => {
    const held = { source: data, validationHoldOut: 0.2 };
    const whole = await done({ ...settings, data: held });
    const stopped = await run({ ...settings, data: held }, { stopAtStep: 3 });
    const resumed = await done({}, { resume: stopped.out });
    expect(resumed.weightsSha256).toBe(whole.weightsSha256);
    expect(resumed.testLoss).toBe(whole.testLoss);
    await expect(
      run({ data: { source: data, validationHoldOut: 0.1 } }, { resume: stopped.out }),
    ).rejects.toMatchObject({ code: 'CONFIG_RESUME' });
  });

  it('says so where there is none to evaluate on', async () => {
    const { out, events } = await run({ ...settings, epochs: 1 });
    expect(startOf(events)).not.toHaveProperty('validationExamples');
    expect(epochsOf(events)[0]).not.toHaveProperty('part');
    await expect(evaluateRun(out, { workerEntry, part: 'validation' })).rejects.toMatchObject({
      code: 'RUN_NO_SUCH_PART',
    });
  });
});

describe('augmented training data', () => {
  it('gives the same bits on 1 and 3 workers and after a stop, and is not tested on', async () => {
    const augmented = { source: data, augment: 'flip,shift:2,crop:3:edge' };
    const one = await done({ ...settings, workers: 1, data: augmented });
    const many = await done({ ...settings, workers: 3, channel: 'message', data: augmented });
    expect(many.weightsSha256).toBe(one.weightsSha256);
    const short = { batchSize: 50, workers: 2, steps: 7 };
    const stopped = await run({ ...short, data: augmented });
    const resumed = await done({ epochs: 2 }, { resume: stopped.out });
    expect(resumed.weightsSha256).toBe(one.weightsSha256);
    const plain = await done(settings);
    expect(plain.weightsSha256).not.toBe(one.weightsSha256);
  });
});
