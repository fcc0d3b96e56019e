import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../evaluateRun.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { embedRun } from './embed.ts';
import { recommendRun } from './recommend.ts';
import type { RecommendOptions } from './recommendOptions.ts';
import { reconstructRun } from './reconstruct.ts';

const { run, temporary, data: images } = wholeRuns({ train: 64, test: 16 });
const at = (name: string): string => join(temporary, name);
const recommend = (from: string, options: Partial<RecommendOptions> = {}) =>
  recommendRun(from, { workerEntry, ...options });
let trained: string;

/** Users of two tastes, items of either: of 20 items of her taste each has 10; some have one item. */
function ratings(): Map<string, Set<string>> {
  const chosen = new Map<string, Set<string>>();
  for (let user = 0; user < 240; user++) {
    const own = new Set<string>();
    for (let j = 0; j < 10; j++) own.add(`item ${2 * ((user * 3 + j * ([1, 3, 7, 9][user % 4] ?? 1)) % 20) + (user % 2)}`); // prettier-ignore
    chosen.set(`user ${user}`, own);
  }
  for (let user = 0; user < 20; user++) chosen.set(`rare ${user}`, new Set([`odd ${user}`]));
  return chosen;
}
const chosen = ratings();

beforeAll(async () => {
  const lines = [...chosen].flatMap(([user, items]) => [...items].map((item) => `${user},${item}`));
  writeFileSync(at('ratings.csv'), ['user,item', ...lines].join('\n'));
  const { out } = await run({
    data: `ratings:${at('ratings.csv')}`,
    preset: 'recommend',
    modelOptions: { latentDim: 4, hiddenUnits: 16 },
    batchSize: 32,
    epochs: 30,
    workers: 2,
  });
  trained = out;
});

const table = (path: string): string[][] =>
  readFileSync(path, 'utf8').trimEnd().split('\r\n').slice(1).map((line) => line.split(',')); // prettier-ignore

describe('recommendations', () => {
  it("are items of a user's taste that she has not, and beat popularity", async () => {
    const out = at('top.csv');
    const result = await recommend(trained, { out, top: 3, workers: 1 });
    expect(result).toMatchObject({ users: 24, items: 40, top: 3 });
    const rows = table(out);
    expect(rows).toHaveLength(24 * 3);
    for (const [user = '', , item = ''] of rows) expect(chosen.get(user)?.has(item)).toBe(false);
    const sameTaste = rows.filter(([user = '', , item = '']) => {
      return Number(user.slice(5)) % 2 === Number(item.slice(5)) % 2;
    });
    expect(sameTaste.length / rows.length).toBeGreaterThan(0.9);
    expect(rows.slice(0, 3).map((row) => row[1])).toEqual(['1', '2', '3']);
    const scores = rows.slice(0, 3).map((row) => Number(row[3]));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const { model, popularity, users } = result.evaluation ?? {};
    expect(users).toBe(24);
    expect(model?.ndcg100).toBeGreaterThan((popularity?.ndcg100 ?? 1) + 0.05);
    // Of 40 items each is shown 8, and 50 of the rest are all of them.
    expect(result.evaluation?.candidates).toBe(32);
    expect([model?.recall50, popularity?.recall50]).toEqual([1, 1]);
    const request = { metrics: ['ranking'] };
    const { metrics } = await evaluateRun(trained, { workerEntry, workers: 2, request });
    expect(metrics?.['ranking']).toEqual({
      ...{ ...model, users: 24, candidates: 32, popularityNdcg100: popularity?.ndcg100 },
      popularityRecall20: popularity?.recall20,
      popularityRecall50: 1,
    });

    const again = at('again.csv');
    const three = await recommend(trained, { out: again, top: 3, workers: 3 });
    expect(readFileSync(again)).toEqual(readFileSync(out));
    expect(three.evaluation).toEqual(result.evaluation);
  });

  it('of one user, as those among all', async () => {
    await recommend(trained, { out: at('all.csv'), top: 2 });
    const [first = []] = table(at('all.csv'));
    const [user = ''] = first;
    const { recommendations, evaluation } = await recommend(trained, { user, top: 2 });
    expect(evaluation).toBeUndefined();
    expect(recommendations?.map(({ rank }) => rank)).toEqual([1, 2]);
    expect(recommendations?.[0]?.item).toBe(first[2]);
    await expect(recommend(trained, { user: 'nobody' })).rejects.toMatchObject({
      code: 'DATA_RATINGS_USER',
      got: expect.stringContaining('"nobody"') as string,
    });
  });

  it('for users of another file', async () => {
    writeFileSync(at('more.csv'), 'user,item\nzoe,item 0\nzoe,item 4\nyan,item 7\n');
    const more = { data: `ratings:${at('more.csv')}` };
    const out = at('more-top.csv');
    const result = await recommend(trained, { ...more, out, top: 100 });
    expect(result.evaluation).toBeUndefined();
    const rows = table(out);
    expect([rows.length, rows.at(-1)?.[0]]).toEqual([38 + 39, 'yan']);
    const judged = await recommend(trained, { ...more, evaluate: true });
    expect(judged.evaluation?.users).toBe(1);
  });
});

describe('results of users', () => {
  it('say who they are', async () => {
    const users = Array.from({ length: 20_000 }, (_, i) => `u${i}`);
    writeFileSync(at('many.csv'), users.map((user, i) => `${user},item ${i % 40}`).join('\n'));
    const data = `ratings:${at('many.csv')}`;
    const named = async (out: string, from: () => Promise<unknown>): Promise<void> => {
      await from();
      const [header, ...rows] = readFileSync(out, 'utf8').trimEnd().split('\r\n');
      expect(header).toMatch(/^example,user,/);
      expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual(
        users.map((user, i) => `${i},${user}`),
      );
    };
    const [scores, latents] = [at('user-scores.csv'), at('user-latents.csv')];
    await named(scores, () => anomalyScoreRun(trained, { workerEntry, data, out: scores, draws: 1 })); // prettier-ignore
    await named(latents, () => embedRun(trained, { workerEntry, data, out: latents }));
    const out = at('user-pairs.csv');
    await reconstructRun(trained, { workerEntry, data, out, count: 2, seed: 0 });
    expect(table(out).map((row) => row.slice(0, 3).join())).toEqual(
      ['0,original,u0', '0,reconstruction,u0', '1,original,u1', '1,reconstruction,u1'], // prettier-ignore
    );
  });

  it('say which ratings were passed over, and who is left with none', async () => {
    writeFileSync(at('part.csv'), 'user,item\nzoe,item 0\nzoe,lute\nyan,harp\nyan,lute\n');
    const data = `ratings:${at('part.csv')}`;
    const told: string[] = [];
    const { notices } = await recommend(trained, {
      ...{ data, unknown: 'ignore', out: at('part-top.csv') },
      onNotice: ({ text }) => told.push(text),
    });
    const text =
      '3 ratings are passed over, of 2 items that training did not see: "lute" (row 3), "harp" (row 4). ' +
      '1 user has no others, so results are those of an empty history: "yan".';
    expect(told).toEqual([text]);
    expect(notices).toMatchObject([{ code: 'NOTICE_UNKNOWN_ITEMS', text, ratings: 3, users: 1 }]);
    writeFileSync(at('known.csv'), 'user,item\nzoe,item 0\n');
    const known = { data: `ratings:${at('known.csv')}`, unknown: 'ignore', user: 'zoe' } as const;
    expect(await recommend(trained, known)).not.toHaveProperty('notices');
  });
});

it('ratings are rows of zeros and ones to a preset for any numbers, and no table', async () => {
  const of = { data: `ratings:${at('ratings.csv')}`, steps: 1, batchSize: 32, workers: 1 } as const;
  const { end } = await run({ ...of, preset: 'mlp', modelOptions: { latentDim: 2 } });
  expect(end.event).toBe('done');
  await expect(run({ ...of, preset: 'tabular' })).rejects.toMatchObject({
    code: 'MODEL_DATA_KIND',
    fix: expect.stringContaining('--preset recommend') as string,
  });
});

describe('what cannot be', () => {
  it.each<[string, Partial<RecommendOptions>, string]>([
    ['nothing to write', { data: 'ratings:x.csv' }, 'CONFIG_NOTHING_TO_WRITE'],
    ['--top without a table', { top: 3 }, 'CONFIG_NOTHING_TO_WRITE'],
    ['an evaluation of one user', { user: 'user 1', evaluate: true }, 'CONFIG_USELESS_FLAG'],
    ['another kind of table', { out: 'a.txt' }, 'CONFIG_TABLE_FILE'],
    ['a table of numbers alone', { out: 'a.npy' }, 'CONFIG_TABLE_FILE'],
    ['a table below a file', { out: join(import.meta.filename, 'x.csv') }, 'RUN_WRITE_FAILED'],
  ])('%s', async (_, options, code) => {
    await expect(recommend(trained, options)).rejects.toMatchObject({ code });
    // Before the run is opened.
    await expect(recommend('no run', options)).rejects.toMatchObject({ code });
  });

  it('a run on images, and an item that training did not see', async () => {
    const { out } = await run({ data: images, steps: 1, batchSize: 32, workers: 1 });
    await expect(recommend(out)).rejects.toMatchObject({ code: 'RUN_WRONG_KIND' });
    writeFileSync(at('odd.csv'), 'user,item\nzoe,item 0\nzoe,lute\n');
    const odd = { data: `ratings:${at('odd.csv')}`, out: at('odd-top.csv') };
    await expect(recommend(trained, odd)).rejects.toMatchObject({ code: 'DATA_RATINGS_ITEM' });
  });
});
