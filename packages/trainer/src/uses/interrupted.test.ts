/** Uses that are ended: whenever that is, they have written nothing. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillNoise } from '@lockstep/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../evaluateRun.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyFitRun } from './anomaly/fitAnomaly.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { reconstructRun } from './reconstruct.ts';
import { inpaintRun } from './restoring/inpaint.ts';
import { sampleRun } from './sample.ts';
import type { UseOptions } from './useOptions.ts';

const { run, temporary } = wholeRuns({ train: 16, test: 16 });
const at = (name: string) => join(temporary, name);

let trained: string;
let data: string;
beforeAll(async () => {
  const u = new Float32Array(1500);
  fillNoise(u, 'normal', { seed: 1, kind: 'sampling', stream: 0, epoch: 0, example: 0 });
  const rows = Array.from({ length: 500 }, (_, i) =>
    [...u.subarray(3 * i, 3 * i + 3), i % 2 ? 'odd' : 'even'].join(','),
  );
  data = at('data.csv');
  writeFileSync(data, `a,b,c,kind\n${rows.join('\n')}\n`);
  const settings = { data: { source: `table:${data}`, read: { label: 'kind' } }, steps: 3 };
  const model = { preset: 'tabular', modelOptions: { latentDim: 2 } };
  trained = (await run({ ...settings, ...model, batchSize: 64, workers: 2 })).out;
}, 120_000);

const USES: Record<string, (options: UseOptions, out: string) => Promise<object>> = {
  embed: (options, out) =>
    embedRun(trained, { ...options, data, out: `${out}.npy`, plot: `${out}.svg`, klPlot: `${out}-kl.svg` }), // prettier-ignore
  'anomaly fit': (options, out) =>
    anomalyFitRun(trained, { ...options, data, fpr: 0.1, out: `${out}.json` }),
  'anomaly score': (options, out) =>
    anomalyScoreRun(trained, { ...options, data, out: `${out}.csv`, plot: `${out}.svg` }),
  classify: (options, out) =>
    classifyRun(trained, {
      ...options,
      data,
      method: 'knn',
      out: `${out}.csv`,
      plot: `${out}.svg`,
    }),
  inpaint: (options, out) =>
    inpaintRun(trained, { ...options, data, hide: 0.1, steps: 2, out: `${out}.csv` }),
  reconstruct: (options, out) =>
    reconstructRun(trained, { ...options, data, count: 9, seed: 0, out: `${out}.csv` }),
  sample: (options, out) =>
    sampleRun(trained, { ...options, count: 200, seed: 0, out: `${out}.csv` }),
  evaluate: ({ onProgress, ...options }) =>
    evaluateRun(trained, {
      ...{ ...options, request: { metrics: ['active-units', 'knn'] } },
      onEvent: (event) => {
        if (event.event === 'progress') onProgress?.(event.done, event.total, event.work);
      },
    }),
};

let uses = 0;
/** What a use has left, and how often it said how far it is, when it is ended at the `end`th time. */
async function ended(name: string, end: number) {
  const out = `use-${uses++}`;
  const abort = new AbortController();
  let told = 0;
  const options = {
    ...{ workerEntry, workers: 2, signal: abort.signal },
    onProgress: () => {
      if (++told === end) abort.abort(new Error('enough'));
    },
  };
  if (end === 0) abort.abort(new Error('enough'));
  const failure = await USES[name]?.(options, at(out)).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { failure, told, left: readdirSync(temporary).filter((file) => file.includes(out)) };
}

describe.each(Object.keys(USES))('%s', (name) => {
  it('ends with the reason, whenever it is asked to, and leaves nothing', async () => {
    const whole = await ended(name, Infinity);
    expect(whole.failure).toBeUndefined();
    if (name !== 'evaluate') expect(whole.left.length).toBeGreaterThan(0);
    const last = whole.told;
    for (const end of new Set([0, 1, 2, Math.ceil(last / 2), Math.max(last - 1, 0), last])) {
      const { failure, left, told } = await ended(name, end);
      // Workers that are faster are looked at less often.
      if (told < end) continue;
      expect({ end, failure, left }).toEqual({ end, failure: 'enough', left: [] });
    }
  });
});
