import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BIN } from '../testing/lockstep.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('writes nothing but the run folder: ONNX Runtime keeps no telemetry files', () => {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  [home, temporary].forEach((path) => mkdirSync(path));
  const env = { ...process.env, HOME: home, USERPROFILE: home, TMPDIR: temporary, TEMP: temporary };
  // The library loads in the worker threads, where a variable set in JavaScript may not reach it.
  const train = ['train', '--engine', 'onnx', '--steps', '1', '--workers', '2', '--quiet'];
  execFileSync(process.execPath, [BIN, ...train, '--out', join(folder, 'run')], { env });
  expect(readdirSync(home)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['home', 'run', 'tmp']);
});
