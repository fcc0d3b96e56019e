/** Uses whose result is several files: all appear or none, and all their paths are looked at before the work. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { denoiseRun } from './restoring/denoise.ts';
import { inpaintRun } from './restoring/inpaint.ts';

const { run, temporary, data: pictures } = wholeRuns({ train: 16, test: 16 });
const folder = join(temporary, 'results');
const at = (name: string) => join(folder, name);

let trained: string;
let mlp: string;
let data: string;
beforeAll(async () => {
  const rows = Array.from({ length: 80 }, (_, i) => `${i % 11},${i / 7},${i % 2 ? 'odd' : 'even'}`);
  data = join(temporary, 'data.csv');
  writeFileSync(data, `a,b,kind\n${rows.join('\n')}\n`);
  const settings = { data: { source: `table:${data}`, read: { label: 'kind' } }, steps: 2 };
  const model = { preset: 'tabular', modelOptions: { latentDim: 3 } };
  trained = (await run({ ...settings, ...model, batchSize: 32, workers: 1 })).out;
  mlp = (await run({ steps: 1, batchSize: 16, workers: 1, preset: 'mlp' })).out;
}, 120_000);

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

/** A name that `more` of it makes too long for a file system, with what a temporary one has besides. */
const long = (ending: string, more = 0): string =>
  at(`${'n'.repeat(246 - more - String(process.pid).length - ending.length)}${ending}`);

/** How far the work came. */
function watched() {
  const work = new Set<string>();
  const onProgress = (_: number, __: number, what: string) => void work.add(what);
  return { work, options: { workerEntry, workers: 1, data, onProgress } };
}

describe('nothing is left where the last file cannot be written', () => {
  it.each<[string, () => Promise<object>]>([
    [
      'embed',
      () => embedRun(trained, { ...watched().options, out: at('e.npy'), plot: long('.svg', -9) }),
    ],
    [
      'anomaly score',
      () =>
        anomalyScoreRun(trained, {
          ...{ ...watched().options, normal: ['even'] },
          ...{ out: at('s.csv'), plot: long('.svg', 2) },
        }),
    ],
    [
      'classify',
      () =>
        classifyRun(trained, { ...watched().options, out: at('c.csv'), plot: long('.svg', -9) }),
    ],
    [
      'inpaint',
      () =>
        inpaintRun(trained, { ...watched().options, hide: 0.2, steps: 2, out: long('.csv', 4) }),
    ],
  ])('%s', async (_, use) => {
    await expect(use()).rejects.toMatchObject({ code: 'RUN_WRITE_FAILED' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('before the work', () => {
  it('a folder in the place of a file that comes beside another is refused', async () => {
    for (const name of ['e.logVar.npy', 'f-cells.csv', 's-pr.svg']) mkdirSync(at(name));
    const { work, options } = watched();
    const uses = {
      'e.logVar.npy': () => embedRun(trained, { ...options, out: at('e.npy') }),
      'f-cells.csv': () => inpaintRun(trained, { ...options, hide: 0.2, out: at('f.csv') }),
      's-pr.svg': () =>
        anomalyScoreRun(trained, { ...options, normal: ['even'], plot: at('s.svg') }),
    };
    for (const [name, use] of Object.entries(uses)) {
      await expect(use(), name).rejects.toMatchObject({
        code: 'RUN_WRITE_FAILED',
        where: at(name),
      });
    }
    expect([...work]).toEqual(['reading data']);
  });

  it('one file for two results is refused', async () => {
    const { work, options } = watched();
    const twice = { plot: at('p.svg'), klPlot: at('p.svg') };
    await expect(embedRun(trained, { ...options, ...twice })).rejects.toMatchObject({
      code: 'CONFIG_SAME_OUTPUT',
    });
    expect(work.size).toBe(0);
  });

  it('what is read is not written over, nor by the file beside', async () => {
    const cells = at('f-cells.csv');
    copyFileSync(data, cells);
    const { options } = watched();
    const code = 'CONFIG_OUT_IS_INPUT';
    const filled = inpaintRun(trained, { ...options, data: cells, hide: 0.2, out: at('f.csv') });
    await expect(filled).rejects.toMatchObject({ code, got: cells });
    const images = join(pictures, 't10k-images-idx3-ubyte');
    copyFileSync(images, at('images.png'));
    const noisy = { workerEntry, data: `image:${at('images.png')}`, noise: 'mask:0.1' };
    await expect(denoiseRun(mlp, { ...noisy, out: at('images.png') })).rejects.toMatchObject({
      code,
    });
    expect(readFileSync(cells)).toEqual(readFileSync(data));
  });

  it('classify looks at its data before it learns', async () => {
    const { work, options } = watched();
    const refused = classifyRun(trained, { ...options, plot: at('c.svg'), data: at('none.csv') });
    await expect(refused).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
    expect([...work]).toEqual(['reading data']);
  });
});
