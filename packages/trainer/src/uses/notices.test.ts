import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnCells } from '@lockstep/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyFitRun } from './anomaly/fitAnomaly.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { cellNotices, type Notice } from './notices.ts';

const cells: ColumnCells = {
  ...{ column: 'c', isThere: true, rows: 1000, missing: 0, unseen: 0 },
  ...{ firstUnseen: [], trainedMissing: 0 },
};

describe('a column that is missing is told', () => {
  it.each<[string, Partial<ColumnCells>, number]>([
    ['in half of the rows', { missing: 500 }, 1],
    ['not in fewer', { missing: 499 }, 0],
    ['not where it was so in training', { missing: 600, trainedMissing: 0.36 }, 0],
    ['where it was not so much in training', { missing: 600, trainedMissing: 0.35 }, 1],
    ['not where the file has none', { missing: 1000, isThere: false }, 0],
    ['not where nobody knows of training', { missing: 1000, trainedMissing: undefined }, 0],
  ])('%s', (_, some, count) => {
    expect(cellNotices([{ ...cells, ...some }])).toHaveLength(count);
  });

  it('with shares that are never rounded to all or nothing', () => {
    const [notice] = cellNotices([{ ...cells, rows: 10_000, missing: 9999, trainedMissing: 1e-5 }]);
    expect(notice?.text).toContain('in 99.9% of the rows, in training in 0.1%:');
    const [all] = cellNotices([{ ...cells, missing: 1000 }]);
    expect(all?.text).toContain('in 100% of the rows, in training in 0%:');
  });
});

describe('whoever uses a model on a table is told', () => {
  const { run, temporary } = wholeRuns({ train: 1, test: 1 });
  const at = (name: string) => join(temporary, name);
  const write = (name: string, row: (i: number) => string): string => {
    const rows = Array.from({ length: 200 }, (_, i) => row(i));
    writeFileSync(at(name), `amount,shop,state\n${rows.join('\n')}\n`);
    return at(name);
  };
  let trained: string;
  const told: Notice[] = [];
  const own = { workerEntry, onNotice: (notice: Notice) => void told.push(notice) };
  beforeAll(async () => {
    const source = write('a.csv', (i) => `${(i * 7) % 41},${'abc'[i % 3]},${i % 5 ? 'ok' : 'bad'}`);
    const data = { source, read: { label: 'state' } };
    trained = (await run({ steps: 3, batchSize: 32, workers: 1, preset: 'tabular', data })).out;
  });

  it('once, what is missing or was not seen, and the result has it', async () => {
    const data = write('b.csv', (i) => `${i < 150 ? '' : i},${i % 50 === 1 ? 'new' : 'a'},ok`);
    const options = { ...own, data, unknown: 'ignore', draws: 2, out: at('s.csv') } as const;
    const { notices } = await anomalyScoreRun(trained, options);
    expect(notices).toMatchObject([
      {
        code: 'NOTICE_UNSEEN_VALUES',
        column: 'shop',
        cells: 4,
        first: [
          { row: 3, value: 'new' },
          { row: 53, value: 'new' },
          { row: 103, value: 'new' },
        ],
        text: 'Column "shop": 4 values are none that training saw, and taken as missing: row 3 "new", row 53 "new", row 103 "new" and 1 more.',
      },
      { code: 'NOTICE_MOSTLY_MISSING', column: 'amount', share: 0.75, trainedShare: 0 },
    ]);
    expect(told).toEqual(notices);
  });

  it('that all labels were taken as normal, unless somebody says which are', async () => {
    const options = { ...own, data: at('a.csv'), fpr: 0.1, draws: 1, out: at('t.json') };
    const { notices } = await anomalyFitRun(trained, options);
    expect(notices).toEqual([
      {
        code: 'NOTICE_ALL_NORMAL',
        labels: [
          { label: 'ok', examples: 160 },
          { label: 'bad', examples: 40 },
        ],
        text: 'All examples are taken as normal, whatever their label: ok (160), bad (40). If only some are, say which: --normal ok.',
      },
    ]);
    const named = await anomalyFitRun(trained, { ...options, normal: ['ok'] });
    expect(named).not.toHaveProperty('notices');
  });

  it('that the threshold was fitted to the examples it is used on, and of others nothing', async () => {
    const data = write('c.csv', (i) => `${i},a,ok`);
    const fpr = { fpr: 0.1, draws: 1, out: at('own.json') };
    const code = 'NOTICE_FITTED_ON_THESE';
    const { heldOut } = await anomalyFitRun(trained, { ...own, ...fpr });
    expect(heldOut.part).toBe('test');
    const use = { ...own, threshold: fpr.out };
    const { notices } = await anomalyScoreRun(trained, use);
    expect(notices).toMatchObject([{ code, source: heldOut.source, part: 'test' }]);
    expect(notices?.[0]?.text).toContain(`the test part of ${heldOut.source}: `);
    for (const other of [{ part: 'train' }, { data }] as const) {
      expect(await anomalyScoreRun(trained, { ...use, ...other })).not.toHaveProperty('notices');
    }
    await anomalyFitRun(trained, { ...own, ...fpr, data });
    const again = await anomalyScoreRun(trained, { ...use, data });
    expect(again.notices).toMatchObject([{ code, source: data }]);
    expect(await anomalyScoreRun(trained, use)).not.toHaveProperty('notices');
  });
});
