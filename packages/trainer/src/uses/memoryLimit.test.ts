/** Uses of a model that was trained without a memory limit, on data larger than the one they are given. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillNoise } from '@lockstep/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../evaluateRun.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyFitRun } from './anomaly/fitAnomaly.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { interpolateRun } from './interpolate.ts';
import { openTrained } from './openTrained.ts';
import { reconstructRun } from './reconstruct.ts';
import { inpaintRun } from './restoring/inpaint.ts';
import type { MemoryLimit, UseOptions } from './useOptions.ts';

const ROWS = 12_000;
/** Of 12,000 rows of 4 floats, a label and a number each: windows of about 2,200, more than a batch of 2,048. */
const LIMIT = '160K';

const { run, temporary } = wholeRuns({ train: 16, test: 16 });
const at = (name: string) => join(temporary, name);

let trained: string;
let data: string;
beforeAll(async () => {
  const u = new Float32Array(4 * ROWS);
  fillNoise(u, 'normal', { seed: 1, kind: 'sampling', stream: 0, epoch: 0, example: 0 });
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const values = Array.from(u.subarray(4 * i, 4 * i + 4), (value) => value.toFixed(3));
    return [...values, (u[4 * i] ?? 0) > 0 ? 'high' : 'low'].join(',');
  });
  data = at('data.csv');
  writeFileSync(data, `a,b,c,d,kind\n${rows.join('\n')}\n`);
  const settings = { data: { source: `table:${data}`, read: { label: 'kind' } }, steps: 40 };
  trained = (await run({ ...settings, batchSize: 64, workers: 2, preset: 'tabular' })).out;
}, 120_000);

type Options = UseOptions & MemoryLimit & { readonly data: string };
const USES: Record<string, (options: Options, out: string) => Promise<object>> = {
  embed: (options, out) => embedRun(trained, { ...options, out: `${out}.csv` }),
  'anomaly fit': (options, out) => anomalyFitRun(trained, { ...options, out: `${out}.json` }),
  'anomaly score': (options, out) => anomalyScoreRun(trained, { ...options, out: `${out}.csv` }),
  'classify by logistic regression': (options, out) =>
    classifyRun(trained, { ...options, out: `${out}.csv` }),
  'classify by neighbours': (options, out) =>
    classifyRun(trained, { ...options, method: 'knn', labels: 400, out: `${out}.parquet` }),
  'classify by values': (options, out) =>
    classifyRun(trained, { ...options, inputs: 'values', out: `${out}.csv` }),
  reconstruct: (options, out) =>
    reconstructRun(trained, { ...options, count: 1000, seed: 0, out: `${out}.csv` }),
  interpolate: (options, out) =>
    interpolateRun(trained, { ...options, from: '3', to: '11990', steps: 3, out: `${out}.csv` }),
  inpaint: (options, out) =>
    inpaintRun(trained, { ...options, hide: 0.01, steps: 2, completions: 1, out: `${out}.csv` }),
};

let uses = 0;
async function used(name: string, limit: MemoryLimit) {
  const work = new Set<string>();
  const out = `use-${uses++}`;
  const options = {
    ...{ workerEntry, data, ...limit },
    onProgress: (done: number, _: number, what: string) => {
      if (done > 0) work.add(what);
    },
  };
  const result = await USES[name]?.(options, at(out));
  const files = readdirSync(temporary).filter((file) => file.startsWith(out));
  const contents = files.map((file) => readFileSync(at(file)));
  return { result: JSON.stringify(result).replaceAll(out, 'out'), contents, work };
}

describe('with a memory limit of its own', () => {
  it.each(Object.keys(USES))('%s streams, and gives the very same', async (name) => {
    const inMemory = await used(name, {});
    const streamed = await used(name, { memoryLimit: LIMIT });
    expect(inMemory.work.has('reading data')).toBe(false);
    expect(streamed.work.has('reading data')).toBe(true);
    expect(inMemory.contents.length).toBeGreaterThan(0);
    expect(streamed.contents).toEqual(inMemory.contents);
    expect(streamed.result).toBe(inMemory.result);
  });

  it('evaluate streams, and gives the very same', async () => {
    const work = new Set<string>();
    const request = { metrics: ['elbo', 'active-units'] };
    const options = { workerEntry, part: 'train', request } as const;
    const streamed = await evaluateRun(trained, {
      ...{ ...options, memoryLimit: '320K' },
      onEvent: (event) => {
        if (event.event === 'progress' && event.done > 0) work.add(event.work);
      },
    });
    expect(work.has('reading data')).toBe(true);
    expect(streamed).toEqual(await evaluateRun(trained, options));
  });
});

it('the limit of the training holds where none is given', async () => {
  const settings = { data: { source: `table:${data}`, memoryLimit: '200K' }, steps: 2 };
  const { out } = await run({ ...settings, batchSize: 64, workers: 1, preset: 'tabular' });
  for (const [limit, streams] of [
    [{}, true],
    [{ memoryLimit: '1G' }, false],
  ] as const) {
    const model = await openTrained(out, { workerEntry, ...limit });
    const { windows } = await (await model.open(data)).load();
    await model.close();
    expect(windows !== undefined).toBe(streams);
  }
});

describe('refused', () => {
  it.each([
    ['what is no amount', 'much', 'CONFIG_VALUE'],
    ['less than a row', '8', 'DATA_MEMORY_LIMIT'],
  ])('%s', async (_, memoryLimit, code) => {
    const out = at('never.csv');
    const refused = embedRun(trained, { workerEntry, data, memoryLimit, out });
    await expect(refused).rejects.toMatchObject({ code, fix: expect.any(String) as string });
    expect(readdirSync(temporary)).not.toContain('never.csv');
  });
});
