/** What `recommend` does with a finished run, and what it prints. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastLine, lockstep } from '../testing/lockstep.ts';

let folder: string;
let run: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-recommend-'));
  const lines = Array.from({ length: 600 }, (_, i) => `u${i % 60},i${(i * i + i) % 37}`);
  writeFileSync(at('ratings.csv'), lines.join('\n'));
  run = at('run');
  const args = ['--preset', 'recommend', '--steps', '3', '--workers', '1', '--batch-size', '32'];
  const data = ['--data', `ratings:${at('ratings.csv')}`, '--read', 'leastRatings=2'];
  const { code, stderr } = await lockstep(['train', ...data, ...args, '--out', run, '--quiet']);
  expect([code, stderr]).toEqual([0, '']);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('recommend writes a table, and says how good it is', async () => {
  const { code, stdout, stderr } = await lockstep(['recommend', run, '--out', at('top.csv')]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/users +recall@20 +recall@50 +NDCG@100\n +model +[01]\.\d{4}/);
  expect(readFileSync(at('top.csv'), 'utf8')).toMatch(/^user,rank,item,score\r\nu\d+,1,i\d+,/);
  const [, first = ''] = readFileSync(at('top.csv'), 'utf8').split('\r\n');
  const user = first.split(',')[0] ?? '';
  const result = lastLine(
    await lockstep(['recommend', run, '--user', user, '--top', '2', '--json']),
  );
  expect(result).toMatchObject({
    event: 'recommendations',
    users: 1,
    recommendations: [
      { user, rank: 1, item: first.split(',')[2] },
      { user, rank: 2 },
    ],
  });
});

test.each([
  [['--user', 'nobody'], 'DATA_RATINGS_USER', 1],
  [['--top', '3'], 'CONFIG_NOTHING_TO_WRITE', 2],
  [['--top', '0'], 'USAGE_INVALID_VALUE', 2],
])('%j is an error', async (flags, message, code) => {
  const result = await lockstep(['recommend', run, ...flags]);
  expect([result.code, result.stdout]).toEqual([code, '']);
  expect(result.stderr).toContain(message);
});
