import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '@lockstep/data/audio';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodePng } from '../run/imageGrid.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { anomalyScoreRun } from './anomaly/scoreAnomaly.ts';
import { classifyRun } from './classify.ts';
import { embedRun } from './embed.ts';
import { reconstructRun } from './reconstruct.ts';

const { run, temporary } = wholeRuns({ train: 1, test: 1 });
const at = (name: string) => join(temporary, name);
const own = { workerEntry };

function fieldsOf(name: string): string[][] {
  const lines = readFileSync(at(name), 'utf8').trimEnd().split('\r\n');
  return lines.map((line) => line.split(','));
}

describe('results of a folder of pictures', () => {
  let trained: string;
  beforeAll(async () => {
    for (const [k, name] of ['cats', 'dogs'].entries()) {
      mkdirSync(at(`pets/${name}`), { recursive: true });
      for (let i = 0; i < 40; i++) {
        const pixels = Uint8Array.from({ length: 16 }, (_, j) => (j * (i + 1) + 99 * k) % 256);
        const { png } = await encodePng({ pixels, width: 4, height: 4, channels: 1 });
        writeFileSync(at(`pets/${name}/${i}.png`), png);
      }
    }
    const data = { source: at('pets'), holdOut: 0.25, split: 'stratified', splitSeed: 3 } as const;
    trained = (await run({ data, steps: 2, batchSize: 8, workers: 2, preset: 'mlp' })).out;
  });

  it('name the file, whose folder is its label', async () => {
    await embedRun(trained, { ...own, out: at('latents.csv') });
    await anomalyScoreRun(trained, { ...own, out: at('scores.csv'), draws: 1, blame: 0 });
    await classifyRun(trained, { ...own, method: 'knn', out: at('classes.csv') });
    for (const [name, labelColumn] of [
      ['latents.csv', 2],
      ['scores.csv', 2],
      ['classes.csv', -1],
    ] as const) {
      const [head = [], ...rows] = fieldsOf(name);
      expect(head.slice(0, 2)).toEqual(['example', 'file']);
      expect(head.at(labelColumn)).toBe('label');
      expect(rows.map(([example]) => Number(example))).toEqual([...rows.keys()]);
      const files = rows.map(([, file = '']) => file);
      expect(new Set(files).size).toBe(20);
      expect(rows.map((row) => row.at(labelColumn))).toEqual(
        files.map((file) => file.replace(/\/\d+\.png$/, '')),
      );
    }
  });

  it('of some of its pictures have what the whole folder has of them', async () => {
    const scores = async (out: string, part?: 'train' | 'test') => {
      const options = { ...(part ? { part } : { data: at('pets') }), out: at(out) };
      await embedRun(trained, { ...own, ...options });
      return new Map(fieldsOf(out).map(([, file = '', ...rest]) => [file, rest.join()]));
    };
    const all = await scores('all.csv');
    for (const part of ['train', 'test'] as const) {
      const some = await scores(`${part}.csv`, part);
      expect(some.size).toBe(part === 'test' ? 21 : 61);
      for (const [file, latents] of some) expect(all.get(file)).toBe(latents);
    }
  });

  it('are numbers alone in .npy', async () => {
    await classifyRun(trained, { ...own, method: 'knn', out: at('classes.npy') });
    expect(readFileSync(at('classes.npy'), 'latin1')).not.toContain('file');
  });
});

it('results of cut recordings name the file and where they begin in it', async () => {
  mkdirSync(at('sounds'));
  for (const [i, name] of ['a.wav', 'b.wav'].entries()) {
    const samples = Float32Array.from({ length: 8000 }, (_, n) => Math.sin(n * (0.1 + 0.2 * i)));
    writeFileSync(at(`sounds/${name}`), writeWav(samples, 8000));
  }
  const read = { seconds: 0.5, every: 0.25, features: 'raw' };
  const data = { source: at('sounds'), read };
  const settings = { preset: 'mlp', modelOptions: { likelihood: 'gaussian-learned' } } as const;
  const { out } = await run({ data, steps: 1, batchSize: 1, workers: 1, ...settings });
  await anomalyScoreRun(out, { ...own, data: at('sounds'), out: at('s.csv'), draws: 1, blame: 0 });
  const starts = ['0', '0.25', '0.5'];
  expect(fieldsOf('s.csv').map((fields) => fields.slice(0, 3))).toEqual([
    ['example', 'file', 'start'],
    ...['a.wav', 'b.wav'].flatMap((file, k) =>
      starts.map((start, i) => [String(3 * k + i), file, start]),
    ),
  ]);
  const pairs = { ...own, data: at('sounds'), out: at('pairs.wav'), count: 2, seed: 0 };
  const { rows } = await reconstructRun(out, pairs);
  expect(rows?.map(({ kind: _, ...about }) => about)).toEqual(
    [0, 0, 1, 1].map((i) => ({ example: i, file: 'a.wav', start: 0.25 * i })),
  );
});
