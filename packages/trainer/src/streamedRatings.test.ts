/** Ratings that are streamed, on whole runs: the same promises as for other data, and what recommending needs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { evaluateRun } from './evaluateRun.ts';
import { wholeRuns, workerEntry } from './testing/wholeRuns.ts';
import { recommendRun } from './uses/recommend.ts';
import type { UseOptions } from './uses/useOptions.ts';

const { temporary, run, done } = wholeRuns({ train: 64, test: 16 });
const at = (name: string): string => join(temporary, name);
const USERS = 900;
const settings = (memoryLimit?: string) =>
  ({
    data: { source: `ratings:${at('ratings.csv')}`, ...(memoryLimit && { memoryLimit }) },
    preset: 'recommend',
    modelOptions: { latentDim: 4, hiddenUnits: 16 },
    ...{ batchSize: 32, microBatch: 5, learningRate: 1e-2 },
  }) as const;
const streamed = settings('60K'); // of which windows of some ninety users of eight ratings have room

/** Users of two tastes, their ratings anywhere in the file: of twenty items of her taste each has from 6 to 10. */
beforeAll(() => {
  const lines = ['user,item'];
  for (let turn = 0; turn < 10; turn++) {
    for (let i = 0; i < USERS; i++) {
      const user = (i * 337) % USERS;
      if (turn >= 6 + (user % 5)) continue;
      const item = 2 * ((user * 3 + turn * ([1, 3, 7, 9][user % 4] ?? 1)) % 20) + (user % 2);
      lines.push(`user ${user},item ${item}`);
    }
  }
  writeFileSync(at('ratings.csv'), lines.join('\n'));
});

it('gives one set of weights, whatever the workers and the channel', async () => {
  const one = await done({ ...streamed, epochs: 3, workers: 1 });
  for (const [workers, channel] of [
    [2, 'shared'],
    [4, 'message'],
  ] as const) {
    const many = await done({ ...streamed, epochs: 3, workers, channel });
    expect(many, `${workers} workers, channel ${channel}`).toMatchObject({
      weightsSha256: one.weightsSha256,
      testLoss: one.testLoss,
      trainLoss: one.trainLoss,
    });
  }
  const resident = await done({ ...settings(), epochs: 3, workers: 2 });
  // In other windows, so in another order; but the same examples.
  expect(resident.weightsSha256).not.toBe(one.weightsSha256);
  expect(Math.abs(resident.testLoss / one.testLoss - 1)).toBeLessThan(0.05);
});

it('resumes in the middle of an epoch to the bits of a run that was never stopped', async () => {
  const { events } = await run({ ...streamed, steps: 1, workers: 1 });
  const { streamed: plan } = events.find((event) => event.event === 'start') ?? {};
  expect(plan?.windows).toBeGreaterThan(5);
  const whole = await done({ ...streamed, epochs: 3, workers: 2 });
  const stopped = await run({ ...streamed, epochs: 3, workers: 3 }, { stopAtStep: 40 });
  expect(stopped.end).toMatchObject({ event: 'interrupted' });
  const resumed = await done({ workers: 1 }, { resume: stopped.out });
  expect(resumed).toMatchObject({
    weightsSha256: whole.weightsSha256,
    trainLoss: whole.trainLoss,
    testLoss: whole.testLoss,
  });
});

it('recommends and is judged as where all is in memory', async () => {
  const { out } = await run({ ...settings('20K'), batchSize: 8, epochs: 20, workers: 2 });
  const recommend = (name: string, workers: number) =>
    recommendRun(out, { workerEntry, workers, out: at(name), top: 3 });
  const one = await recommend('one.csv', 1);
  const three = await recommend('three.csv', 3);
  expect(three.evaluation).toEqual(one.evaluation);
  expect(readFileSync(at('three.csv'))).toEqual(readFileSync(at('one.csv')));
  const { users, model, popularity } = one.evaluation ?? {};
  expect([one.users, users]).toEqual([USERS / 10, USERS / 10]);
  expect(model?.ndcg100).toBeGreaterThan((popularity?.ndcg100 ?? 1) + 0.05);
  const rows = readFileSync(at('one.csv'), 'utf8').trimEnd().split('\r\n').slice(1);
  expect(rows).toHaveLength((3 * USERS) / 10);
  const sameTaste = rows.filter((row) => {
    const [user, , item] = row.split(',').map((field) => Number(field.split(' ').at(-1)));
    return (user ?? 0) % 2 === (item ?? 1) % 2;
  });
  expect(sameTaste.length / rows.length).toBeGreaterThan(0.9);

  const last = rows.at(-1)?.split(',') ?? [];
  // Evaluating says how far it is while it groups the ratings by user.
  const told: { work: string; done: number }[] = [];
  await evaluateRun(out, {
    workerEntry,
    onEvent: (event) => {
      if (event.event === 'progress') told.push(event);
    },
  });
  const reading = told.filter(({ work }) => work === 'reading data');
  expect(reading.length).toBeGreaterThan(1);
  expect(reading.at(-1)?.done).toBe(USERS);

  const { recommendations } = await recommendRun(out, { workerEntry, user: last[0], top: 3 });
  expect(recommendations?.[2]).toMatchObject({ user: last[0], item: last[2] });
  const request = { metrics: ['ranking'] };
  const { metrics } = await evaluateRun(out, { workerEntry, workers: 2, request });
  expect(metrics?.['ranking']).toMatchObject({ ...model, users });
  const trained = await evaluateRun(out, { workerEntry, workers: 2, request, part: 'train' });
  expect(trained.metrics?.['ranking']).toMatchObject({ users: (USERS * 9) / 10 });
  // In the file all users are more than the limit, too; hers are the same there.
  const other = { data: streamed.data.source, out: at('other.csv'), top: 3 };
  await recommendRun(out, { workerEntry, ...other });
  expect(readFileSync(at('other.csv'), 'utf8')).toContain(rows.slice(0, 3).join('\r\n'));
});

it.each<[string, (run: string, options: UseOptions) => Promise<unknown>]>([
  ['of the run', (run, options) => recommendRun(run, { ...options, evaluate: true })],
  [
    'that is named',
    (run, options) => recommendRun(run, { ...options, data: streamed.data.source, user: 'user 1' }),
  ],
])('says how far the ratings %s are written to disk, and ends there', async (_, use) => {
  const { out } = await run({ ...streamed, steps: 1, workers: 1 });
  const abort = new AbortController();
  const work = new Set<string>();
  const onProgress = (done: number, _total: number, what: string): void => {
    work.add(what);
    if (what === 'reading data' && done > 0) abort.abort(new Error('enough'));
  };
  await expect(use(out, { workerEntry, signal: abort.signal, onProgress })).rejects.toThrow(
    'enough',
  );
  expect([...work]).toEqual(['reading data']);
});

it('a run of ratings in memory is used with a limit, to the same results', async () => {
  const { out } = await run({ ...settings(), epochs: 2, workers: 2 });
  const recommend = (name: string, memoryLimit?: string) => {
    const limit = memoryLimit !== undefined && { memoryLimit };
    return recommendRun(out, { workerEntry, out: at(name), top: 3, ...limit });
  };
  const resident = await recommend('resident.csv');
  const limited = await recommend('limited.csv', '8K');
  expect(limited.evaluation).toEqual(resident.evaluation);
  expect(readFileSync(at('limited.csv'))).toEqual(readFileSync(at('resident.csv')));
});
