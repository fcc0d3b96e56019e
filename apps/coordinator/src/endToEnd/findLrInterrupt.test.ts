/** The learning-rate finder, stopped by Ctrl-C. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from '../testing/lockstep.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-find-lr-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a line on stderr', [], '', 'Interrupted: nothing was written.\n'],
  ['an event', ['--json'], '{"event":"interrupted"}\n', ''],
] as const)('says so by %s, and leaves no file', async (_, flags, stdout, stderr) => {
  const at = mkdtempSync(join(folder, 'at-'));
  const config = join(at, 'config.mjs');
  const begun = join(at, 'begun');
  // Says that it is read, which is when the command has begun.
  const told = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(begun)}, '');\n`;
  writeFileSync(config, `${told}export default { data: 'sprites', workers: 2 };\n`);
  const range = ['--from', '1e-9', '--to', '1e-8', '--steps', '1000000'];
  const args = ['find-lr', config, ...range, '--out', join(at, 'rates.svg')];
  const running = start([...args, ...flags]);
  while (!existsSync(begun)) {
    if (running.child.exitCode !== null) throw new Error('it ended before it began');
    await sleep(1);
  }
  running.child.kill('SIGINT');
  expect(await running.finished).toEqual({ code: 130, signal: null, stdout, stderr });
  expect(readdirSync(at).sort()).toEqual(['begun', 'config.mjs']);
});
