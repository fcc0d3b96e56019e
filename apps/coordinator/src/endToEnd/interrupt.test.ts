/** Runs that are stopped: by Ctrl-C, by SIGTERM, by a reader that leaves. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeMnistLike } from '../testing/idx.ts';
import { jsonLines, lastLine, lockstep, start } from '../testing/lockstep.ts';

let folder: string;
let data: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-interrupt-'));
  data = writeMnistLike(join(folder, 'data'), { train: 330, test: 70 });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Long enough to be interrupted. */
const LONG = ['--steps', '4000', '--batch-size', '20', '--workers', '2'];

test('Ctrl-C leaves a checkpoint that goes on to the same bits, with other workers', async () => {
  const settings = ['--data', data, '--batch-size', '20', '--steps', '150'];
  const train = ['train', '--json', ...settings];
  const whole = lastLine(
    await lockstep([...train, '--workers', '2', '--out', join(folder, 'whole')]),
  );

  const out = join(folder, 'stopped');
  const running = start([...train, '--workers', '3', '--out', out]);
  await running.printed('"event":"step"');
  running.child.kill('SIGINT');
  const stopped = await running.finished;
  const last = jsonLines(stopped).at(-1);
  expect([stopped.code, last?.['event']]).toEqual([130, 'interrupted']);
  expect(last?.['step']).toBeLessThan(150);

  const resumed = lastLine(await lockstep(['train', '--json', '--resume', out, '--workers', '1']));
  const compared = ({ steps, weightsSha256, testLoss, trainLoss }: Record<string, unknown>) => ({
    ...{ steps, weightsSha256, testLoss, trainLoss },
  });
  expect(compared(resumed)).toEqual(compared(whole));
});

test('SIGTERM is the same, and the last line says exactly how to go on', async () => {
  const out = join(folder, 'terminated');
  const running = start(['train', '--data', data, ...LONG, '--out', out]);
  await running.printed('epoch ');
  running.child.kill('SIGTERM');
  const { code, stdout, stderr } = await running.finished;
  expect(code).toBe(130);
  expect(stderr).toContain('Stopping after this step');
  expect(stdout.endsWith(`To go on: lockstep train --resume ${out}\n`)).toBe(true);
});

test('a run has one writer; one that was killed is resumed to the same bits', async () => {
  const settings = ['--data', data, '--batch-size', '20', '--steps', '100'];
  const train = ['train', '--json', ...settings, '--workers', '2'];
  const out = join(folder, 'killed');
  const resume = ['train', '--json', '--resume', out];
  const running = start([...train, '--out', out]);
  await running.printed('"kind":"checkpoint"');
  running.child.kill('SIGSTOP');
  const refused = await lockstep(resume);
  running.child.kill('SIGKILL');
  await running.finished;
  expect([refused.code, jsonLines(refused).at(-1)?.['code']]).toEqual([1, 'RUN_BUSY']);

  const whole = lastLine(await lockstep([...train, '--out', join(folder, 'not-killed')]));
  const resumed = lastLine(await lockstep(resume));
  expect([resumed['event'], resumed['weightsSha256']]).toEqual(['done', whole['weightsSha256']]);
  expect(readdirSync(out)).not.toContain('lock');
});

test('a second Ctrl-C ends it at once', async () => {
  const out = join(folder, 'twice');
  // Steps so long that the first cannot end it before the second.
  const long = ['--preset', 'conv', '--batch-size', '60000'];
  const running = start(['train', '--steps', '9', ...long, '--out', out]);
  await running.printed('workers');
  running.child.kill('SIGINT');
  await new Promise((resolve) => running.child.stderr?.once('data', resolve));
  const again = setInterval(() => running.child.kill('SIGINT'), 50);
  const { signal, stdout } = await running.finished;
  clearInterval(again);
  // Shells report it as 130.
  expect(signal).toBe('SIGINT');
  expect(stdout).not.toContain('To go on');
});

test('a closed pipe stops the run and leaves a checkpoint', async () => {
  const out = join(folder, 'piped');
  const running = start(['train', '--data', data, ...LONG, '--out', out]);
  await running.printed('epoch ');
  running.child.stdout?.destroy();
  const { code, stderr } = await running.finished;
  expect(code).toBe(130);
  expect(stderr).toContain(`lockstep train --resume ${out}\n`);
  expect(readdirSync(join(out, 'checkpoints')).length).toBeGreaterThan(0);
});
