/** Examples that are read in this thread: which ones, how far it is, and that it ends where it is asked to. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { exampleGroups } from './exampleGroups.ts';
import { interpolateRun } from './interpolate.ts';
import { openTrained } from './openTrained.ts';
import { fillTable } from './restoring/fillTable.ts';
import { takeExamples } from './takeExamples.ts';

const ROWS = 12_000;
const { run, temporary } = wholeRuns({ train: 16, test: 16 });

let trained: string;
let data: string;
beforeAll(async () => {
  const rows = Array.from({ length: ROWS }, (_, i) => `${i},${(i * 7) % 13}.5`);
  data = join(temporary, 'data.csv');
  // The last lacks a value, no other does.
  writeFileSync(data, `a,b\n${rows.join('\n')}\n5,\n`);
  const read = { schema: join(temporary, 'schema.json') };
  const columns = ['a', 'b'].map((name) => ({ name, kind: 'numeric' }));
  writeFileSync(read.schema, JSON.stringify({ columns }));
  const settings = { preset: 'tabular', steps: 1, batchSize: 64, workers: 1 } as const;
  trained = (await run({ ...settings, data: { source: data, read } })).out;
}, 60_000);

const LIMITS = [
  ['in memory', {}],
  ['streamed', { memoryLimit: '96K' }],
] as const;

describe.each(LIMITS)('of data %s', (_, limit) => {
  it('those that are asked for are read, some at a time', async () => {
    const model = await openTrained(trained, { workerEntry, ...limit });
    const opened = await model.open(data);
    const read = async (from: number, most: number, rows: number): Promise<number[]> => {
      const values: number[] = [];
      const reads: number[] = [];
      const onRead = (done: number, total: number): void => {
        reads.push(done);
        expect(total).toBe(Math.min(most, ROWS + 1 - from));
      };
      for await (const group of exampleGroups(model, opened, { rows, from, most, onRead })) {
        expect(group.first).toBe(from + values.length / 2);
        values.push(...group.x);
      }
      expect(reads[0]).toBe(0);
      expect(reads).toEqual(reads.toSorted((a, b) => a - b));
      return values;
    };
    const all = await read(0, Infinity, 5000);
    expect(all).toHaveLength(2 * (ROWS + 1));
    // Forth and back again.
    for (const [from, most] of [
      [11_990, 20],
      [7, 1],
      [4096, 4500],
    ] as const) {
      // prettier-ignore
      expect(await read(from, most, 1000)).toEqual(all.slice(2 * from, 2 * (from + most)));
    }
    await model.close();
  });

  /** A use that is ended by a signal from outside as soon as `work` has begun; how often it told of that. */
  async function endedIn(
    work: string,
    use: (model: Awaited<ReturnType<typeof openTrained>>) => Promise<unknown>,
  ): Promise<number> {
    const abort = new AbortController();
    let told = 0;
    const onProgress = (_done: number, _total: number, what: string): void => {
      if (what !== work) return;
      if (told++ === 0) setImmediate(() => abort.abort(new Error('enough')));
    };
    const options = { workerEntry, ...limit, signal: abort.signal, onProgress };
    const model = await openTrained(trained, options);
    await expect(use(model)).rejects.toThrow('enough');
    await model.close();
    return told;
  }

  it('reading ends while it goes on', async () => {
    const told = await endedIn('examples', async (model) =>
      takeExamples(model, await model.open(data), ROWS),
    );
    expect(told).toBeLessThanOrEqual(2);
  });

  it('so does the search for missing values, and the pass that fills them in', async () => {
    const out = join(temporary, 'never.csv');
    const filled = (model: Awaited<ReturnType<typeof openTrained>>) =>
      fillTable(model, { workerEntry, data, out, steps: 2 });
    expect(await endedIn('looking for what is missing', filled)).toBeLessThanOrEqual(2);
    // All rows but the last are passed through before a chain has begun.
    expect(await endedIn('chains', filled)).toBeLessThanOrEqual(2);
  });

  it('one example is read and encoded, not all before it', async () => {
    const works = new Set<string>();
    const onProgress = (done: number, _: number, what: string): void => {
      if (what !== 'reading data' && done > 0) works.add(what);
    };
    const out = join(temporary, 'path.csv');
    const ends = { from: '11000', to: '0', steps: 2 };
    await interpolateRun(trained, { workerEntry, ...limit, data, out, ...ends, onProgress });
    expect([...works]).toEqual([]);
  });
});
