import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { reviveError, serializeError } from '@lockstep/protocol';
import { runCli } from './cli.ts';
import type { Context } from './context.ts';
import { recordOutput } from './testing/recordOutput.ts';
import { done, epoch, interrupted, start } from './testing/runEvents.ts';
import type { Trainer } from './trainer.ts';

/** A trainer of which a test defines what the command calls. */
type StubTrainer = { readonly [K in keyof Trainer]?: unknown };

class FakeWorld {
  readonly stdout = recordOutput();
  readonly stderr = recordOutput();
  readonly signals = new EventEmitter();
  readonly output = new AbortController();
  deaths = 0;
  nowMs = 0;

  run(trainer: StubTrainer, ...args: string[]): Promise<number> {
    const context: Context = {
      stdout: this.stdout,
      stderr: this.stderr,
      signals: this.signals,
      outputClosed: this.output.signal,
      loadTrainer: () => Promise.resolve(trainer as Trainer),
      now: () => this.nowMs,
      die: () => (this.deaths += 1),
    };
    return runCli(args, context);
  }
}

const resolveTrainConfig = async (input: unknown): Promise<unknown> => input;

interface TrainCall {
  readonly signal: AbortSignal;
  onEvent(event: unknown): void;
}

/** Trains until it is told to stop. */
const untilAborted: StubTrainer = {
  resolveTrainConfig,
  train: (_: unknown, { signal, onEvent }: TrainCall) => {
    onEvent(start);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(interrupted)));
  },
};

describe('train', () => {
  test('hands flags and options over, and ends with 0', async () => {
    const world = new FakeWorld();
    const calls: unknown[] = [];
    const trainer: StubTrainer = {
      resolveTrainConfig,
      train: async (config: unknown, { onEvent, ...options }: TrainCall) => {
        calls.push(config, options);
        onEvent(start);
        onEvent(epoch);
        return done;
      },
    };
    const args = 'train my.ts --preset mlp --steps 3 --resume runs/a --profile --json';
    expect(await world.run(trainer, ...args.split(' '))).toBe(0);
    expect(calls).toMatchObject([
      { file: 'my.ts', flags: { preset: 'mlp', steps: 3 } },
      { resume: 'runs/a', workerEntry: { protocol: 'file:' } },
    ]);
    const lines = world.stdout.text.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'start',
      'epoch',
      'done',
    ]);
    expect(lines.at(-1)).toBe(JSON.stringify(done));
  });

  test('Ctrl-C asks once, says how to go on, and ends with 130', async () => {
    const world = new FakeWorld();
    const code = world.run(untilAborted, 'train');
    await eventually(() => world.stdout.text.includes('mlp'));
    world.signals.emit('SIGINT');
    expect(await code).toBe(130);
    expect(world.stderr.text).toBe('Stopping after this step; Ctrl-C again stops at once.\n');
    expect(world.stdout.text.endsWith('lockstep train --resume runs/mlp\n')).toBe(true);
    expect(world.signals.listenerCount('SIGINT')).toBe(0);
  });

  test('the second Ctrl-C ends the process at once', async () => {
    const world = new FakeWorld();
    const trainer: StubTrainer = { resolveTrainConfig, train: () => new Promise(() => undefined) };
    void world.run(trainer, 'train');
    await eventually(() => world.signals.listenerCount('SIGINT') === 1);
    world.signals.emit('SIGINT');
    world.nowMs = 1_000;
    world.signals.emit('SIGINT');
    expect(world.deaths).toBe(1);
  });

  test('a reader that leaves stops the run as Ctrl-C does', async () => {
    const world = new FakeWorld();
    const code = world.run(untilAborted, 'train');
    await eventually(() => world.stdout.text.includes('mlp'));
    world.output.abort();
    expect(await code).toBe(130);
    expect(world.stderr.text).toContain('lockstep train --resume runs/mlp\n');
  });
});

describe('errors', () => {
  const failWith = (error: unknown): StubTrainer => ({
    resolveTrainConfig,
    train: async () => {
      throw error;
    },
  });
  const configError = (where: string): Error =>
    Object.assign(new Error('m'), {
      ...{ code: 'CONFIG_UNKNOWN_NAME', where, expected: 'mlp', got: 'mpl', fix: 'Mend it.' },
    });

  test.each([
    ['of the command line: 2', configError('--preset'), 2],
    ['of an argument: 2', configError('A'), 2],
    ['of a configuration file: 1', configError('my.json: preset'), 1],
    ['unexpected: 1', new Error('oops'), 1],
    ['no error at all: 1', undefined, 1],
  ])('%s', async (_, error, exitCode) => {
    const world = new FakeWorld();
    expect(await world.run(failWith(error), 'train')).toBe(exitCode);
    expect(world.stderr.text).toMatch(/^error: /);
    expect(world.stdout.text).toBe('');
  });

  test('as the last JSON line, with the worker', async () => {
    const world = new FakeWorld();
    const error = reviveError(serializeError(configError('x'), 'worker 1'));
    expect(await world.run(failWith(error), 'train', '--json')).toBe(1);
    expect(world.stderr.text).toBe('');
    expect(JSON.parse(world.stdout.text)).toMatchObject({
      ...{ event: 'error', code: 'CONFIG_UNKNOWN_NAME', worker: 'worker 1', fix: 'Mend it.' },
    });
  });

  test('usage errors too', async () => {
    const world = new FakeWorld();
    expect(await world.run({}, 'train', '--json', '--bach-size', '3')).toBe(2);
    expect(JSON.parse(world.stdout.text)).toMatchObject({ code: 'USAGE_UNKNOWN_FLAG' });
    expect(world.stderr.text).toBe('');
  });
});

describe('help and version', () => {
  test.each([[['--help']], [['help']], [['train', '--help']], [['help', 'train']]])(
    '%j goes to stdout with 0',
    async (args) => {
      const world = new FakeWorld();
      expect(await world.run({}, ...args)).toBe(0);
      expect(world.stdout.text).toContain('Usage: lockstep');
      expect(world.stderr.text).toBe('');
    },
  );

  test('no command: help on stderr, 2', async () => {
    const world = new FakeWorld();
    expect(await world.run({})).toBe(2);
    expect(world.stderr.text).toContain('Usage: lockstep');
  });

  test('--version', async () => {
    const world = new FakeWorld();
    expect(await world.run({}, '--version')).toBe(0);
    expect(world.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

test('what evaluate finds', async () => {
  const evaluation = {
    checkpoint: 'runs/a/checkpoints/x',
    step: 10,
    examples: 1_000,
    testLoss: 105.5,
    testMetrics: { kl: 25 },
  };
  const trainer: StubTrainer = { evaluateRun: async () => evaluation };
  const text = new FakeWorld();
  expect(await text.run(trainer, 'evaluate', 'runs/a')).toBe(0);
  expect(text.stdout.text).toMatch(/test loss +105\.50\n +test kl +25\.000\n/);
  const json = new FakeWorld();
  expect(await json.run(trainer, 'evaluate', 'runs/a', '--json')).toBe(0);
  expect(JSON.parse(json.stdout.text)).toEqual({ event: 'evaluation', ...evaluation });
});

test('the metrics that evaluate computes, and those that it skips', async () => {
  const evaluation = {
    checkpoint: 'runs/a/checkpoints/x',
    step: 10,
    examples: 1_000,
    testLoss: 105.5,
    testMetrics: {},
    metrics: { 'iw-nll': { nll: 98.25, k: 1000 }, mse: { mse: 0.01 } },
    skipped: [{ metric: 'mig', reason: 'needs factors' }],
  };
  const calls: unknown[] = [];
  const evaluateRun = async (...args: unknown[]) => (calls.push(args), evaluation);
  const world = new FakeWorld();
  const args = ['evaluate', 'runs/a', '--metrics', 'iw-nll, mse', '--samples', '1000'];
  expect(await world.run({ evaluateRun }, ...args, '--workers', '3')).toBe(0);
  expect(calls[0]).toMatchObject([
    'runs/a',
    { workers: 3, request: { metrics: ['iw-nll', 'mse'], samples: 1000 } },
  ]);
  expect(world.stdout.text).toMatch(/iw-nll \(nll\) +98\.250\n +k +1,000\n +mse \(mse\) +0\.0100/);
  expect(world.stdout.text).toMatch(/mig +skipped: needs factors\n/);
  const json = new FakeWorld();
  expect(await json.run({ evaluateRun }, 'evaluate', 'runs/a', '--metrics', 'all', '--json')).toBe(
    0,
  );
  expect(JSON.parse(json.stdout.text)).toEqual({ event: 'evaluation', ...evaluation });
});

test('importance samples that no metric draws are refused', async () => {
  const world = new FakeWorld();
  expect(await world.run({}, 'evaluate', 'runs/a', '--samples', '5')).toBe(2);
  expect(world.stderr.text).toContain('--metrics');
});

test('where pictures are', async () => {
  const draw = async (_: string, { count, out }: { count: number; out: string }) => ({
    path: out,
    count: Math.min(count, 10),
  });
  const trainer: StubTrainer = { sampleRun: draw, reconstructRun: draw };
  const text = new FakeWorld();
  expect(await text.run(trainer, 'sample', 'runs/a', '--out', 'a.png', '--count', '9')).toBe(0);
  expect(text.stdout.text).toBe('9 samples: a.png\n');
  const json = new FakeWorld();
  expect(await json.run(trainer, 'reconstruct', 'runs/a', '--out', 'b.png', '--json')).toBe(0);
  expect(JSON.parse(json.stdout.text)).toEqual({
    ...{ event: 'artifact', kind: 'reconstructions', path: 'b.png', count: 10 },
  });
});

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
