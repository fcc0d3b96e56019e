/** A model of a table behind HTTP: values that training did not see, values that are none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as trainer from '@lockstep/trainer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { post, type Answer } from '../testing/httpClient.ts';
import { lockstep } from '../testing/lockstep.ts';
import { workerEntry } from '../trainer.ts';
import { serveRun, type RunningServer } from './serveRun.ts';

let folder: string;
let strict: RunningServer;
let lenient: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-serve-'));
  const rows = Array.from({ length: 96 }, (_, i) => `${(i * 7) % 50},${i % 3 ? 'Ulm' : 'Bonn'}`);
  const data = join(folder, 'people.csv');
  writeFileSync(data, `age,town\n${rows.join('\n')}\n`);
  const run = join(folder, 'run');
  const flags = ['--preset', 'tabular', '--steps', '2', '--workers', '1', '--engine', 'onnx'];
  const trained = await lockstep(['train', '--data', data, ...flags, '--out', run, '--quiet']);
  expect(trained).toMatchObject({ code: 0 });
  const options = { workerEntry: workerEntry(), port: 0, engine: 'onnx' };
  strict = await serveRun(trainer, run, options);
  lenient = await serveRun(trainer, run, { ...options, unknown: 'ignore' });
}, 60_000);
afterAll(async () => {
  await strict.close();
  await lenient.close();
  rmSync(folder, { recursive: true });
});

const score = (at: RunningServer, ...inputs: unknown[]): Promise<Answer> =>
  post(at, '/score', { inputs });

it('an answer that is not finite is an error, of that input and of no other', async () => {
  const good = { age: 20, town: 'Ulm' };
  const asked = [score(strict, good), score(strict, good, { age: 1e30, town: 'Ulm' })] as const;
  const [alone, refused] = await Promise.all(asked);
  expect(Number(alone.outputs[0]?.['loss'])).toBeGreaterThan(0);
  expect(refused).toMatchObject({
    status: 422,
    outputs: [],
    error: { code: 'SERVE_NOT_FINITE', where: 'inputs[1]' },
  });
});

it.each<[string, Record<string, unknown>, string]>([
  ['a category', { age: 20, town: 'Rome' }, 'DATA_TABLE_UNSEEN'],
  ['a column', { age: 20, town: null, shoe: 43 }, 'DATA_TABLE_COLUMNS'],
  ['a column that is not there', { age: 20 }, 'DATA_TABLE_COLUMNS'],
])('%s that training did not see is an error, or counts as missing', async (_, row, code) => {
  const refused = await score(strict, row);
  expect([refused.status, refused.error['code']]).toEqual([422, code]);
  const missing = await score(lenient, { age: 20, town: null });
  const taken = await score(lenient, row);
  expect(taken.status).toBe(200);
  expect(taken.outputs).toEqual(missing.outputs);
  const known = await score(lenient, { age: 20, town: 'Ulm' });
  expect(known.outputs).not.toEqual(missing.outputs);
});

it('a number that is none is an error either way', async () => {
  for (const server of [strict, lenient]) {
    const { status, error } = await score(server, { age: 'old', town: 'Ulm' });
    expect([status, error['where']]).toEqual([422, 'inputs[0], column "age"']);
  }
});
