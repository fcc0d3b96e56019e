import { describe, expect, test } from 'vitest';
import type { RunEvent, StartEvent } from '@lockstep/protocol';
import { recordOutput } from '../testing/recordOutput.ts';
import { done, epoch, interrupted, profile, start, step } from '../testing/runEvents.ts';
import { createTrainReporter } from './createTrainReporter.ts';
import type { RunEnd } from './trainReporter.ts';

interface Told {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly isTTY?: boolean;
  readonly end?: RunEnd;
  readonly started?: StartEvent;
}

const events: readonly RunEvent[] = [
  step,
  epoch,
  { event: 'artifact', kind: 'samples', path: 'runs/mlp/samples/epoch-1.png' },
  { event: 'artifact', kind: 'samples', path: 'runs/mlp/samples/epoch-2.png' },
  profile,
];

async function tell({
  json = false,
  quiet = false,
  isTTY = false,
  end = done,
  started = start,
}: Told) {
  const stdout = recordOutput({ isTTY, columns: 120 });
  let now = 0;
  const reporter = createTrainReporter({
    json,
    quiet,
    profile: true,
    stdout,
    now: () => (now += 1_000),
  });
  for (const event of [started, ...events, end]) reporter.onEvent(event);
  await reporter.finish(end);
  reporter.close();
  return stdout.text;
}

describe('json', () => {
  test('a line for each event, and the end once, last', async () => {
    const lines = (await tell({ json: true })).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([start, ...events, done]);
  });

  test('quiet: the last line only', async () => {
    expect(await tell({ json: true, quiet: true })).toBe(`${JSON.stringify(done)}\n`);
    expect(await tell({ json: true, quiet: true, end: interrupted })).toBe(
      `${JSON.stringify(interrupted)}\n`,
    );
  });
});

describe('text', () => {
  test('that data is streamed, and what is shuffled with what', async () => {
    const streamed = { windows: 12, windowExamples: 5_460, blockExamples: 84 };
    const text = await tell({ started: { ...start, streamed } });
    expect(text).toContain('streamed, an epoch in 12 windows of 5,460 examples. A step');
    expect(text).toContain('other blocks of 84 each epoch');
    expect(await tell({})).not.toContain('streamed');
    expect(await tell({ quiet: true, started: { ...start, streamed } })).not.toContain('streamed');
  });

  test('no speed of a run that took too short to tell it', async () => {
    expect(await tell({})).toMatch(/speed +31,000 examples/);
    const { examplesPerSec: _, ...short } = done;
    expect(await tell({ end: short })).not.toContain('speed');
  });

  test('through a pipe: no control codes, no progress, a line an epoch', async () => {
    const text = await tell({});
    expect(text).not.toMatch(/[\r\x1b]/);
    expect(text).not.toContain('ETA');
    expect(text).toContain('mlp: 652,824 parameters; 60,000 training examples, 10,000 for testing');
    expect(text).toMatch(/2 workers, channel shared, engine onnx; .*; 2 epochs of 469 steps\n/);
    expect(text).toContain(
      'epoch 1/2 | train loss 165.00  reconstruction 145.00  kl 20.000 | ' +
        'test loss 130.50  reconstruction 108.00  kl 22.500 | 30,000 examples/s\n',
    );
  });

  test('closes with results, profile and what was written', async () => {
    const text = await tell({});
    expect(text).toMatch(/steps +938 \(2 epochs\)\n/);
    expect(text).toMatch(/test loss +120\.50\n/);
    expect(text).toMatch(/test kl +22\.500\n/);
    expect(text).toMatch(new RegExp(`weights sha256 +${'a'.repeat(64)}\n`));
    expect(text).toMatch(
      /worker 0, onnx +0\.25 s +6\.3% +3\.00 s +75\.0% +0\.25 s +6\.3% +0\.50 s +12\.5% +30\n/,
    );
    expect(text).toMatch(/samples +runs\/mlp\/samples\/epoch-2\.png\n/);
    expect(text).not.toContain('epoch-1.png');
  });

  test('on a terminal progress is drawn and cleared before other lines', async () => {
    const text = await tell({ isTTY: true });
    expect(text).toContain('\r\x1b[2K[========        ]  epoch 1/2  step 469/938');
    expect(text).toContain('ETA 0:01');
    expect(text).toMatch(/\r\x1b\[2Kepoch 1\/2 \|/);
  });

  test('interrupted: exactly how to go on', async () => {
    const text = await tell({ end: interrupted });
    expect(text.endsWith('To go on: lockstep train --resume runs/mlp\n')).toBe(true);
    const spaced = await tell({ end: { ...interrupted, out: "my run's" } });
    expect(spaced.endsWith(`lockstep train --resume 'my run'\\''s'\n`)).toBe(true);
  });

  test('stopped early: why, and which checkpoint is the best', async () => {
    const best = { epoch: 1, testLoss: 119, checkpoint: 'runs/mlp/checkpoints/best.safetensors' };
    const stopped = { ...done, stoppedEarly: { patience: 1, minDelta: 0.5 }, best };
    const text = await tell({ end: stopped });
    expect(text).toMatch(/best test loss +119\.00, after epoch 1\n/);
    expect(text).toContain(
      'Stopped early: 1 epoch without a test loss lower by more than 0.5; ' +
        'runs/mlp/checkpoints/best.safetensors holds the best.\n',
    );
    expect(await tell({ end: stopped, quiet: true })).toContain('938 steps (stopped early), test');
    expect(await tell({ end: { ...done, best: { ...best, epoch: 2 } } })).not.toContain(
      'best test',
    );
  });

  test('quiet: the last line only', async () => {
    expect(await tell({ quiet: true, isTTY: true })).toBe(
      `done: 938 steps, test loss 120.50, weights sha256 ${'a'.repeat(64)}, run runs/mlp\n`,
    );
    expect(await tell({ quiet: true, end: interrupted })).toBe(
      'Interrupted after step 500. To go on: lockstep train --resume runs/mlp\n',
    );
  });
});

test('a resumed run says where it goes on, and its ETA counts this session alone', () => {
  const stdout = recordOutput({ isTTY: true, columns: 120 });
  let now = 0;
  const reporter = createTrainReporter({
    json: false,
    quiet: false,
    profile: false,
    stdout,
    now: () => now,
  });
  reporter.onEvent({ ...start, step: 838 });
  now = 10_000;
  reporter.onEvent({ ...step, step: 888, epoch: 888 / 469 });
  expect(stdout.text).toContain('Going on after step 838.');
  expect(stdout.text).toContain('epoch 2/2  step 888/938  ETA 0:10');
});
