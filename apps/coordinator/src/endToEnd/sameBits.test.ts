/** The main job, in few steps: one hash, whatever the workers, the channel and the interruptions. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeMnistLike } from '../testing/idx.ts';
import { jsonLines, lastLine, lockstep, start } from '../testing/lockstep.ts';

let folder: string;
let data: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-same-bits-'));
  // An uneven last batch: 330 = 3 x 100 + 30.
  data = writeMnistLike(join(folder, 'data'), { train: 330, test: 70 });
});
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;
const newRun = (): string => join(folder, `run-${runs++}`);

function train(...args: string[]): Promise<Record<string, unknown>> {
  const common = ['train', '--json', '--data', data, '--batch-size', '100', '--out', newRun()];
  return lockstep([...common, ...args]).then(lastLine);
}

describe.each([
  ['mlp', '20'],
  ['conv', '6'],
])('%s', (preset, steps) => {
  test('workers and channels do not change a bit', async () => {
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
});

test('another seed gives other weights', async () => {
  const [a, b] = [await train('--steps', '2'), await train('--steps', '2', '--seed', '1')];
  expect(a['weightsSha256']).not.toBe(b['weightsSha256']);
});

test('train --json ends with the done event, whole', async () => {
  const out = newRun();
  const args = ['train', '--json', '--data', data, '--steps', '7', '--workers', '2', '--out', out];
  const done = await lockstep([...args, '--batch-size', '100']).then(lastLine);
  expect(Object.keys(done)).toEqual([
    ...['event', 'steps', 'examples', 'epochs', 'trainLoss', 'testLoss', 'testRecon', 'testKl'],
    ...['imagesPerSec', 'workers', 'weightsSha256', 'out'],
  ]);
  expect(done).toMatchObject({ event: 'done', steps: 7, examples: 630, workers: 2, out });
  expect(Number(done['testRecon']) + Number(done['testKl'])).toBeCloseTo(
    Number(done['testLoss']),
    3,
  );
});

describe('Ctrl-C', () => {
  const settings = ['--steps', '4000', '--batch-size', '20', '--workers', '2'];

  test('leaves a checkpoint that goes on to the same bits, with other workers', async () => {
    // Small enough to be over soon, long enough to be interrupted: both know the same last step.
    const whole = newRun();
    const common = ['train', '--json', '--data', data, '--preset', 'mlp', '--batch-size', '20'];
    const length = ['--steps', '150'];
    const uninterrupted = lastLine(
      await lockstep([...common, ...length, '--workers', '2', '--out', whole]),
    );

    const out = newRun();
    const running = start([...common, ...length, '--workers', '3', '--out', out]);
    await running.printed('"event":"step"');
    running.child.kill('SIGINT');
    const stopped = await running.finished;
    const last = jsonLines(stopped).at(-1);
    expect([stopped.code, last?.['event']]).toEqual([130, 'interrupted']);
    expect(last?.['step']).toBeLessThan(150);

    const resumed = lastLine(
      await lockstep(['train', '--json', '--resume', out, '--workers', '1']),
    );
    expect(resumed['steps']).toBe(150);
    expect(resumed['weightsSha256']).toBe(uninterrupted['weightsSha256']);
    expect(resumed['testLoss']).toBe(uninterrupted['testLoss']);
    expect(resumed['trainLoss']).toBe(uninterrupted['trainLoss']);
  });

  test('says exactly how to go on', async () => {
    const out = newRun();
    const running = start(['train', '--data', data, ...settings, '--out', out]);
    await running.printed('epoch ');
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping after this step');
    expect(stdout.endsWith(`To go on: lockstep train --resume ${out}\n`)).toBe(true);
  });

  test('a closed pipe stops the run and leaves a checkpoint', async () => {
    const out = newRun();
    const running = start(['train', '--data', data, ...settings, '--out', out]);
    await running.printed('epoch ');
    running.child.stdout?.destroy();
    const { code, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toContain(`lockstep train --resume ${out}\n`);
    expect(readdirSync(join(out, 'checkpoints')).length).toBeGreaterThan(0);
  });
});

describe('a finished run', () => {
  let out: string;
  let done: Record<string, unknown>;

  beforeAll(async () => {
    out = newRun();
    const args = ['--epochs', '1', '--workers', '2', '--batch-size', '100'];
    done = lastLine(await lockstep(['train', '--json', '--data', data, ...args, '--out', out]));
  });

  test('evaluates to the same loss', async () => {
    const [evaluation] = jsonLines(await lockstep(['evaluate', out, '--json']));
    expect(evaluation).toMatchObject({ event: 'evaluation', examples: 70, step: 4 });
    expect(evaluation?.['testLoss']).toBe(done['testLoss']);
  });

  test('is inspected', async () => {
    const [inspection] = jsonLines(await lockstep(['inspect', out, '--json']));
    expect(inspection).toMatchObject({
      event: 'inspection',
      model: 'mlp',
      step: 4,
      weightsSha256: done['weightsSha256'],
      config: { batchSize: 100, seed: 0 },
    });
    const { stdout, code } = await lockstep(['inspect', out]);
    expect(code).toBe(0);
    expect(stdout).toContain('652,824 parameters');
  });

  test.each([['sample'], ['reconstruct']])(
    '%s draws a PNG, the same each time',
    async (command) => {
      const files = [join(folder, `${command}-1.png`), join(folder, `${command}-2.png`)];
      for (const file of files) {
        const result = await lockstep([command, out, '--count', '16', '--out', file]);
        expect([result.code, result.stderr]).toEqual([0, '']);
      }
      const [first, second] = files.map((file) => readFileSync(file));
      expect(first?.subarray(1, 4).toString()).toBe('PNG');
      expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
    },
  );

  test('is not overwritten by another', async () => {
    const result = await lockstep(['train', '--data', data, '--steps', '1', '--out', out]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('RUN_FOLDER_TAKEN');
  });

  test('holds what the README says', () => {
    for (const name of ['config.json', 'metrics.jsonl', 'checkpoints']) {
      expect(existsSync(join(out, name))).toBe(true);
    }
  });
});

test('--quiet prints the last line only, --profile where the time went', async () => {
  const args = ['train', '--data', data, '--steps', '2', '--workers', '1'];
  const quiet = await lockstep([...args, '--quiet', '--out', newRun()]);
  expect(quiet.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(quiet.stdout).toMatch(/^done: 2 steps, test loss .*, weights sha256 [0-9a-f]{64}, run /);
  const profile = await lockstep([...args, '--profile', '--out', newRun()]);
  expect(profile.stdout).toMatch(/gather +compute +wait +update\n/);
  expect(profile.stdout).not.toMatch(/[\r\x1b]/);
});

test('presets and doctor', async () => {
  const presets = jsonLines(await lockstep(['presets', '--json']));
  expect(presets.map(({ name }) => name)).toEqual(expect.arrayContaining(['mlp', 'conv']));
  const doctor = await lockstep(['doctor', '--json']);
  expect(doctor.code).toBe(0);
  expect(jsonLines(doctor).every(({ event }) => event === 'check')).toBe(true);
  expect((await lockstep(['doctor'])).stdout).toContain('onnx');
});
