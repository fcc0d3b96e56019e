import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { openKept } from './exampleTable.ts';
import type { UseData } from './openTrained.ts';
import { reconstructRun } from './reconstruct.ts';

const { run, temporary } = wholeRuns({ train: 1, test: 1 });
const at = (name: string) => join(temporary, name);
const own = { workerEntry };
/** Data of which nothing but what a test adds is looked at. */
const nothing = { info: { source: 'here' } } as UseData;

/** Row i: who it is, two numbers that say i, and a class; row 5 has two lines. */
const idOf = (i: number) => (i === 5 ? 'T5\nb' : `T${i}`);
function writePayments(name: string, count: number, extra = ''): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const id = i === 5 ? `"${idOf(i)}"` : idOf(i);
    return `${id},${2 * i}.5,${i % 13},${i % 2 === 0 ? 'good' : 'bad'}${extra && ',x'}`;
  });
  writeFileSync(at(name), `score,amount,hour,state${extra && `,${extra}`}\n${rows.join('\n')}\n`);
  return at(name);
}
const lineOf = (i: number) => i + 2 + (i > 5 ? 1 : 0);

async function rowsOf(name: string) {
  return parquetReadObjects({ file: await asyncBufferFromFile(at(name)) });
}

let trained: string;
let streamed: string;
beforeAll(async () => {
  const source = writePayments('payments.csv', 400);
  const data = { source, read: { label: 'state' } };
  const settings = { steps: 5, batchSize: 32, workers: 2, preset: 'tabular' } as const;
  trained = (await run({ ...settings, data })).out;
  streamed = (await run({ ...settings, data: { ...data, memoryLimit: '64K' } })).out;
});

describe('results of rows say whose they are', () => {
  it('by the row of the file and by its ids', async () => {
    const { examples } = await anomalyScoreRun(trained, {
      ...{ ...own, out: at('scores.parquet'), draws: 1, blame: 0 },
    });
    const rows = await rowsOf('scores.parquet');
    expect(examples).toBe(40);
    expect(Object.keys(rows[0] ?? {})).toEqual(['example', 'row', '_score', 'label', 'score']);
    // The test part: some rows of the file.
    const numbers = rows.map(({ _score: id }) => Number(/\d+/.exec(String(id))?.[0]));
    expect(new Set(numbers).size).toBe(40);
    for (const [example, row] of rows.entries()) {
      const i = numbers[example] ?? -1;
      const label = i % 2 === 0 ? 'good' : 'bad';
      expect(row).toMatchObject({ example, row: lineOf(i), _score: idOf(i), label });
    }
  });

  it.each([
    ['in memory', () => trained],
    ['streamed', () => streamed],
  ])('of all uses, of other data, %s, with columns that are asked for', async (_, of) => {
    const data = `table:${writePayments('more.csv', 20_000, 'shop')}`;
    const common = { ...own, data, unknown: 'ignore', keep: ['score', 'shop', 'amount'] } as const;
    await embedRun(of(), { ...common, out: at('latents.parquet') });
    await anomalyScoreRun(of(), { ...common, out: at('scores.parquet'), draws: 1, blame: 1 });
    await classifyRun(of(), { ...common, out: at('classes.parquet') });
    for (const file of ['latents', 'scores', 'classes']) {
      const rows = await rowsOf(`${file}.parquet`);
      const id = file === 'scores' ? '_score' : 'score';
      expect(rows).toHaveLength(20_000);
      for (const i of [0, 5, 6, 4096, 16_384, 19_999]) {
        const known = { shop: 'x', amount: `${2 * i}.5`, [id]: idOf(i) };
        expect(rows[i]).toMatchObject({ example: i, row: lineOf(i), ...known });
      }
    }
  });

  it('beside reconstructions, of an example twice', async () => {
    const out = at('pairs.csv');
    await reconstructRun(trained, { ...own, out, count: 2, seed: 0, data: at('payments.csv') });
    const lines = readFileSync(out, 'utf8').split('\r\n');
    expect(lines.map((line) => line.split(',').slice(0, 4).join())).toEqual([
      'example,kind,row,score',
      ...['0,original,2,T0', '0,reconstruction,2,T0', '1,original,3,T1', '1,reconstruction,3,T1'],
      '',
    ]);
  });
});

it('lines of text come in pieces of any size, whatever blocks they are read in', async () => {
  const blocks = [[1, 2, 3, 4, 5], [], [7], [8, 9, 10]];
  const lines = () => blocks.values() as unknown as AsyncIterator<readonly number[], void>;
  const kept = openKept({ ...nothing, lines }, undefined, []);
  const pieces = [];
  for (const count of [2, 0, 4, 1, 9]) pieces.push(...((await kept?.next(count)) ?? []));
  expect(pieces.map((piece) => Array.from(piece as Int32Array))).toEqual([
    [1, 2],
    [],
    [3, 4, 5, 7],
    [8],
    [9, 10],
  ]);
  await kept?.close();
});

describe('columns to keep', () => {
  const keep = ['score'];
  it.each([
    ['with nothing written', { keep, plot: at('a.svg') }, 'CONFIG_USELESS_FLAG'],
    ['among numbers alone', { keep, out: at('a.npy') }, 'CONFIG_USELESS_FLAG'],
    ['that are not there', { keep: ['nmae'], out: at('a.csv') }, 'DATA_TABLE_COLUMNS'],
  ])('%s are refused', async (_, options, code) => {
    await expect(embedRun(trained, { ...own, ...options })).rejects.toMatchObject({ code });
  });

  it('of pictures are refused', async () => {
    const { out: mlp } = await run({ steps: 1, batchSize: 1, workers: 1, preset: 'mlp' });
    await expect(embedRun(mlp, { ...own, out: at('a.csv'), keep })).rejects.toMatchObject({
      code: 'CONFIG_USELESS_FLAG',
      where: '--keep',
    });
  });
});
