/** A use, and data that is split into files, stopped by Ctrl-C while they write. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, lastLine, lockstep, start, type Running } from '../testing/lockstep.ts';

let folder: string;
let run: string;
let data: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-use-'));
  data = join(folder, 'data.csv');
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i % 97},${(i * 7) % 31},${i % 5}.5`);
  await writeFile(data, `a,b,c\n${rows.join('\n')}\n`);
  run = join(folder, 'run');
  const small = ['--steps', '2', '--batch-size', '32', '--workers', '1'];
  const train = ['train', '--json', '--preset', 'tabular', '--data', data, '--out', run];
  lastLine(await lockstep([...train, ...small]));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What is not finished yet lies beside, under a temporary name. */
async function whileWriting(out: string, { child }: Running): Promise<void> {
  while (!readdirSync(out).some((name) => name.endsWith('.tmp'))) {
    if (child.exitCode !== null) throw new Error('it ended before it wrote anything');
    await sleep(1);
  }
}

function scoring(out: string): readonly string[] {
  const table = ['--out', join(out, 'scores.csv'), '--plot', join(out, 'scores.svg')];
  return ['anomaly', 'score', run, '--data', data, '--memory-limit', '1M', ...table];
}

/** Of the command line after `lockstep`, where its files go to `out`. */
const WRITING: Readonly<Record<string, (out: string) => readonly string[]>> = {
  'anomaly score': scoring,
  'data split': (out) => ['data', 'split', data, '--hold-out', '0.5', '--out', out],
};

describe.each(Object.entries(WRITING))('%s', (_, argsFor) => {
  test.each([
    ['a line on stderr', [], '', 'Interrupted: nothing was written.\n'],
    ['an event', ['--json'], '{"event":"interrupted"}\n', ''],
  ] as const)('says so by %s, and leaves no file', async (_, flags, stdout, stderr) => {
    const out = mkdtempSync(join(folder, 'out-'));
    const running = start([...argsFor(out), ...flags]);
    await whileWriting(out, running);
    running.child.kill('SIGINT');
    const ended = await running.finished;
    expect(ended).toMatchObject({ code: 130, stdout });
    expect(ended.stderr.endsWith(stderr)).toBe(true);
    expect(readdirSync(out)).toEqual([]);
  });
});

test('without an interrupt, the same writes both', async () => {
  const out = mkdtempSync(join(folder, 'out-'));
  const ended = await lockstep([...scoring(out), '--draws', '1', '--json']);
  expect(jsonLines(ended).map(({ event }) => event)).toEqual(['anomaly-scores']);
  expect(readdirSync(out)).toEqual(['scores.csv', 'scores.svg']);
});
