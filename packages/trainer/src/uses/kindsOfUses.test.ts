/** The table of docs/uses/README.md, which use is for which data: each of its cells is tried on a small run. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '@lockstep/data/audio';
import { describe, expect, it } from 'vitest';
import type { TrainConfig } from '../config/trainConfig.ts';
import { writeTable } from '../results/resultTable.ts';
import { writeTextLines } from '../testing/textLines.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyFitRun } from './anomaly/fitAnomaly.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { generateRun } from './generate.ts';
import { interpolateRun } from './interpolate.ts';
import { recommendRun } from './recommend.ts';
import { reconstructRun } from './reconstruct.ts';
import { denoiseRun } from './restoring/denoise.ts';
import { inpaintRun } from './restoring/inpaint.ts';
import { sampleRun } from './sample.ts';
import { openService } from './serve/modelService.ts';
import { traverseRun } from './traverse.ts';

const { done, temporary, data: pictures } = wholeRuns({ train: 40, test: 20 });
const at = (name: string): string => join(temporary, name);

const KINDS = ['pictures', 'arrays', 'tables', 'text', 'sound', 'ratings'] as const;
type Kind = (typeof KINDS)[number];
const COUNT = 60;
const numbers = (from: number) => Float32Array.from({ length: COUNT }, (_, i) => (i * from) % 7);

async function arrays(): Promise<string> {
  const columns = ['a', 'b', 'c'].map((name, j) => ({ name, type: 'float32' as const, values: numbers(j + 2) })); // prettier-ignore
  mkdirSync(at('arrays'), { recursive: true });
  await writeTable(at('arrays/X.npy'), columns);
  const values = Int32Array.from({ length: COUNT }, (_, i) => i % 2);
  await writeTable(at('arrays/y.npy'), [{ name: 'y', type: 'int32', values }]);
  return at('arrays/X.npy');
}

function lines(name: string, head: string, line: (i: number) => string, count = COUNT): string {
  const text = [head, ...Array.from({ length: count }, (_, i) => line(i))].join('\n');
  writeFileSync(at(name), `${text}\n`);
  return at(name);
}

function sounds(): string {
  const tone = (i: number) =>
    Float32Array.from({ length: 3000 }, (_, t) => Math.sin((t * (200 + 90 * i) * 6.28) / 8000) / 2);
  for (let i = 0; i < 24; i++) {
    const folder = at(`sounds/${i % 2 ? 'high' : 'low'}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${i}.wav`), writeWav(tone(i % 2), 8000));
  }
  return `audio:${at('sounds')}`;
}

const SETTINGS: Readonly<Record<Kind, () => TrainConfig | Promise<TrainConfig>>> = {
  pictures: () => ({ data: pictures }),
  arrays: async () => ({ data: await arrays(), modelOptions: { likelihood: 'gaussian-learned' } }),
  tables: () => ({
    ...{ preset: 'tabular', read: { label: 'kind' } },
    data: lines('t.csv', 'size,town,kind', (i) => `${(i * 7) % 19}.5,${i % 3 ? 'u' : 'v'},${i % 2 ? 'x' : 'y'}`), // prettier-ignore
  }),
  text: () => ({ preset: 'text', data: writeTextLines(at('t.txt'), COUNT) }),
  sound: () => ({ preset: 'audio', data: sounds() }),
  ratings: () => ({
    preset: 'recommend',
    data: `ratings:${lines('r.csv', 'user,item', (i) => `u${Math.floor(i / 6)},i${(i * 5) % 11}`, 300)}`,
  }),
};

interface Tried {
  readonly run: string;
  readonly kind: Kind;
  readonly out: string;
}

const few = { workerEntry, seed: 0, count: 2 };
const isFile = ({ out }: Tried): { readonly out: string } => ({ out });

/** By the name that the table has. */
const USES: Readonly<Record<string, (tried: Tried) => Promise<unknown>>> = {
  sample: (tried) => sampleRun(tried.run, { ...few, ...isFile(tried) }),
  reconstruct: (tried) => reconstructRun(tried.run, { ...few, ...isFile(tried) }),
  interpolate: (tried) =>
    interpolateRun(tried.run, { workerEntry, ...isFile(tried), from: '0', to: '1', steps: 2 }),
  traverse: (tried) =>
    traverseRun(tried.run, { workerEntry, ...isFile(tried), dims: 2, range: 1, steps: 2 }),
  generate: (tried) => generateRun(tried.run, { ...few, ...isFile(tried) }),
  embed: ({ run, out }) => embedRun(run, { workerEntry, out: `${out}.csv` }),
  'anomaly fit': ({ run, out }) =>
    anomalyFitRun(run, { workerEntry, out: `${out}.json`, fpr: 0.5, draws: 1 }),
  score: ({ run, out }) => anomalyScoreRun(run, { workerEntry, out: `${out}.csv`, draws: 1 }),
  serve: async ({ run }) => (await openService(run, { workerEntry })).close(),
  classify: ({ run }) => classifyRun(run, { workerEntry, part: 'train' }),
  denoise: ({ run, out }) => denoiseRun(run, { workerEntry, out, noise: 'gaussian:0.3' }),
  inpaint: ({ run, out, kind }) =>
    inpaintRun(run, {
      ...{ workerEntry, out, steps: 2, completions: 1, examples: 3 },
      ...(kind === 'tables' ? { hide: 0.5 } : { box: [1, 1, 3, 3] }),
    }),
  recommend: (tried) => recommendRun(tried.run, { workerEntry, evaluate: false, ...isFile(tried) }),
};

const page = readFileSync(new URL('../../../../docs/uses/README.md', import.meta.url), 'utf8');
/** Of each use a cell for each kind. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => {
    const [names = '', ...cells] = line.split('|').slice(1, -1);
    return [...names.matchAll(/`([^`]+)`/g)].map(([, use = '']) => ({
      use,
      cells: cells.map((cell) => cell.trim()),
    }));
  });

it('the table has all uses', () => {
  expect(page).toMatch(
    /\| use +\| pictures +\| arrays +\| tables +\| text +\| sound +\| ratings +\|/,
  );
  expect(rows.map(({ use }) => use).toSorted()).toEqual(Object.keys(USES).toSorted());
});

describe.each(KINDS.map((kind, column) => [kind, column] as const))('%s', (kind, column) => {
  it(
    'are used as the table says, or refused with the kinds that are',
    { timeout: 60_000 },
    async () => {
      const settings = await SETTINGS[kind]();
      const common = { steps: 2, batchSize: 8, workers: 1, holdOut: 0.2 };
      const { holdOut, ...rest } = common;
      const given = kind === 'pictures' ? rest : { ...rest, holdOut };
      const { out: run } = await done({ ...given, ...settings });
      for (const { use, cells } of rows) {
        const cell = cells[column] ?? '';
        const [ending = cell === 'yes' ? '' : '.csv'] = cell.match(/\.\w+/g) ?? [];
        const out = at(`${kind}-${use}${ending}`);
        const work = USES[use]?.({ run, kind, out });
        if (cell !== '–') {
          await work;
          if (ending !== '') expect(existsSync(out), `${use} of ${kind}`).toBe(true);
          continue;
        }
        const error: unknown = await work?.catch((reason: unknown) => reason);
        expect(error, `${use} of ${kind}`).toMatchObject({
          ...{ code: 'RUN_WRONG_KIND', where: expect.stringContaining(run) as string },
          got: expect.stringMatching(new RegExp(`^one on ${kind}, examples `)) as string,
        });
        const named = rows.find((row) => row.use === use)?.cells ?? [];
        KINDS.forEach((each, i) => {
          const { expected } = error as { readonly expected: string };
          expect(expected.includes(each), `${use}: ${expected}`).toBe(named[i] !== '–');
        });
        expect(existsSync(out)).toBe(false);
      }
    },
  );
});
