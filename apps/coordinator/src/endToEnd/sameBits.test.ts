/** The main job, in few steps: one hash, whatever the workers and the channel. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMnistLike } from '../testing/idx.ts';
import { lastLine, lockstep } from '../testing/lockstep.ts';

let folder: string;
let data: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-same-bits-'));
  // An uneven last batch: 330 = 3 x 100 + 30.
  data = writeMnistLike(join(folder, 'data'), { train: 330, test: 70 });
});
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;

/** The done event, checked to be one. */
async function train(...args: string[]): Promise<Record<string, unknown>> {
  const out = join(folder, `run-${runs++}`);
  const common = ['train', '--json', '--data', data, '--batch-size', '100', '--out', out];
  return lastLine(await lockstep([...common, ...args]));
}

test.each([
  ['mlp', '20'],
  ['conv', '6'],
])('%s: workers and channels do not change a bit', async (preset, steps) => {
  const settings = [
    ['--workers', '1'],
    ['--workers', '2'],
    ['--workers', '3', '--channel', 'shared'],
    ['--workers', '1', '--channel', 'message'],
    ['--workers', '3', '--channel', 'message'],
  ];
  const results: Record<string, unknown[]> = {};
  for (const setting of settings) {
    const done = await train('--preset', preset, '--steps', steps, ...setting);
    results[setting.join(' ')] = [done['weightsSha256'], done['trainLoss'], done['testLoss']];
  }
  const [first] = Object.values(results);
  expect(first?.[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(results).toEqual(Object.fromEntries(settings.map((s) => [s.join(' '), first])));
});

test('another seed gives other weights', async () => {
  const [a, b] = [await train('--steps', '2'), await train('--steps', '2', '--seed', '1')];
  expect(a['weightsSha256']).not.toBe(b['weightsSha256']);
});

test('the done event has every figure', async () => {
  const done = await train('--steps', '7', '--workers', '2');
  // A speed, where seven steps took long enough to time them.
  const names = Object.keys(done).filter((name) => name !== 'examplesPerSec');
  expect(names).toEqual([
    ...['event', 'steps', 'examples', 'epochs', 'trainLoss', 'testLoss', 'testRecon', 'testKl'],
    ...['best', 'workers', 'weightsSha256', 'out'],
  ]);
  // 330 in the first epoch, three batches in the second.
  expect(done).toMatchObject({ event: 'done', steps: 7, examples: 630, workers: 2 });
  const parts = Number(done['testRecon']) + Number(done['testKl']);
  expect(parts).toBeCloseTo(Number(done['testLoss']), 3);
});
