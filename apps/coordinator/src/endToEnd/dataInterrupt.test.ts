/** Data that is split into files, stopped by Ctrl-C while it writes them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start, type Running } from '../testing/lockstep.ts';

let folder: string;
let data: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-split-'));
  data = join(folder, 'data.csv');
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i % 97},${(i * 7) % 31},${i % 5}.5`);
  await writeFile(data, `a,b,c\n${rows.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function whileWriting(out: string, { child }: Running): Promise<void> {
  while (!readdirSync(out).some((name) => name.endsWith('.tmp'))) {
    if (child.exitCode !== null) throw new Error('it ended before it wrote anything');
    await sleep(1);
  }
}

test.each([
  ['a line on stderr', [], '', 'Interrupted: nothing was written.\n'],
  ['an event', ['--json'], '{"event":"interrupted"}\n', ''],
] as const)('data split says so by %s, and leaves no file', async (_, flags, stdout, stderr) => {
  const out = mkdtempSync(join(folder, 'out-'));
  const running = start(['data', 'split', data, '--hold-out', '0.5', '--out', out, ...flags]);
  await whileWriting(out, running);
  running.child.kill('SIGINT');
  expect(await running.finished).toEqual({ code: 130, signal: null, stdout, stderr });
  expect(readdirSync(out)).toEqual([]);
});
