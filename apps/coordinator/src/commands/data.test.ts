/** The commands `data ...`, on the digits that come with lockstep. */
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../cli.ts';
import { recordOutput } from '../testing/recordOutput.ts';

const folder = mkdtempSync(join(tmpdir(), 'lockstep-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function lockstep(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [recordOutput(), recordOutput()];
  const code = await runCli(args, {
    stdout,
    stderr,
    signals: new EventEmitter(),
    outputClosed: new AbortController().signal,
    loadTrainer: () => Promise.reject(new Error('not needed')),
    now: () => 0,
    die: () => undefined,
  });
  return { code, out: stdout.text, err: stderr.text };
}

test('info says kind, parts, classes and statistics', async () => {
  const flags = ['--validation-hold-out', '0.1', '--split', 'stratified'];
  const { code, out } = await lockstep('data', 'info', 'mnist', ...flags);
  expect(code).toBe(0);
  expect(out).toMatch(/kind +image/);
  expect(out).toMatch(/validation +5,999 examples/);
  expect(out).toMatch(/0\.1307/);
  const told: unknown = JSON.parse((await lockstep('data', 'info', 'mnist', '--json')).out);
  expect(told).toMatchObject({ event: 'data', kind: 'image', classes: 10, shape: [28, 28, 1] });
});

test('info of text says what it holds', async () => {
  const path = join(folder, 'lines.txt');
  writeFileSync(path, 'to be\nor not\n'.repeat(300));
  const { out } = await lockstep('data', 'info', path, '--read', 'tokens=6');
  expect(out).toMatch(/tokens +characters, \d+\n +characters +[\d,]+ to train on\n/);
  expect(out).toMatch(/of an example +5\.\d+ in the mean, 6 at most\n +lines cut off +\d{3}\n/);
  expect(out).not.toContain('deviation');
});

test('preview draws, or prints lines', async () => {
  const out = join(folder, 'a.png');
  const drawn = await lockstep(
    'data',
    'preview',
    'sprites',
    '--count',
    '4',
    '--out',
    out,
    '--json',
  );
  expect(JSON.parse(drawn.out)).toMatchObject({ event: 'preview', path: out, count: 4 });
  expect(existsSync(out)).toBe(true);
  const printed = await lockstep('data', 'preview', 'tastes', '--count', '3');
  expect(printed.out.trim().split('\n')).toHaveLength(3);
  expect(printed.err).toBe('');
  const numbers = await lockstep('data', 'preview', 'sprites', '--count', '2');
  expect(numbers.out.trim().split('\n')).toHaveLength(2);
  expect(numbers.err).toBe('--out FILE.png draws them.\n');
});

test('split writes files, and says how to train on them', async () => {
  const path = join(folder, 'a.txt');
  writeFileSync(path, 'to be\nor not\n'.repeat(10));
  const parts = join(folder, 'parts');
  const { out } = await lockstep('data', 'split', path, '--hold-out', '0.2', '--out', parts);
  expect(out).toMatch(/train +16 examples +.*train\.txt\n +test +4 examples/);
  expect(out).toMatch(
    /lockstep train --data \S+train\.txt --test-data \S+test\.txt --preset text\n$/,
  );
  expect(readFileSync(join(parts, 'test.txt'), 'utf8').split('\n')).toHaveLength(5);
});

test('data larger than the memory limit is streamed', async () => {
  const whole = await lockstep('data', 'info', 'mnist', '--json');
  const streamed = await lockstep('data', 'info', 'mnist', '--memory-limit', '8M', '--json');
  expect(streamed.out).toBe(whole.out);
  const some = ['data', 'preview', 'mnist', '--count', '2'];
  const first = await lockstep(...some);
  expect((await lockstep(...some, '--memory-limit', '8M')).out).toBe(first.out);
  const { code, err } = await lockstep('data', 'info', 'mnist', '--memory-limit', 'much');
  expect([code, err]).toEqual([2, expect.stringContaining('--memory-limit')]);
});

test.each([
  ['--augment', 'rotate', 'flip, shift:N'],
  ['--augment', '', 'flip,crop:4'],
  ['--split', 'folds', 'group:COLUMN'],
])('%s "%s" is a wrong command line', async (flag, value, expected) => {
  for (const command of ['info', 'preview']) {
    const { code, err } = await lockstep('data', command, 'mnist', flag, value);
    expect([code, err]).toEqual([2, expect.stringContaining(expected)]);
    expect(err).toContain(flag);
  }
});

test('get lists what it knows, and refuses what it does not', async () => {
  const { out } = await lockstep('data', 'get');
  expect(out).toMatch(/cifar-10 +170 MB/);
  const lines = (await lockstep('data', 'get', '--json')).out.trim().split('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'known', name: 'mnist' });
  const { code, err } = await lockstep('data', 'get', 'imagenet', '--out', folder);
  expect(code).toBe(1);
  expect(err).toContain('DATA_NOT_KNOWN');
});
