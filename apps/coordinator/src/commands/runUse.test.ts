/** What every command that uses a trained model does beside its own work, with trainers made for it. */
import { EventEmitter } from 'node:events';
import type { EmbedOptions, EmbedResult } from '@lockstep/trainer';
import { expect, test } from 'vitest';
import { runCli } from '../cli.ts';
import { recordOutput } from '../testing/recordOutput.ts';
import type { Trainer } from '../trainer.ts';

const result: EmbedResult = {
  ...{ checkpoint: 'c', step: 1, source: 's.csv', examples: 2, files: [] },
  latents: { output: 'mu', dim: 2, hasLogVar: true },
};

interface World {
  readonly embed: (options: EmbedOptions, signals: EventEmitter) => Promise<EmbedResult>;
  readonly args?: readonly string[];
  readonly now?: () => number;
  readonly isTTY?: boolean;
}

async function used({ embed, args = [], now = () => 0, isTTY = false }: World) {
  const [stdout, stderr] = [recordOutput(), Object.assign(recordOutput(), { isTTY })];
  const signals = new EventEmitter();
  let died = 0;
  const code = await runCli(['embed', 'run', '--out', 'latents.csv', ...args], {
    ...{ stdout, stderr, signals, now, die: () => (died += 1) },
    outputClosed: new AbortController().signal,
    loadTrainer: () =>
      Promise.resolve({
        embedRun: (_: string, options: EmbedOptions) => embed(options, signals),
      } as unknown as Trainer),
  });
  expect(signals.eventNames()).toEqual([]);
  return { code, died, stdout: stdout.text, stderr: stderr.text };
}

/** Ends as uses do: with the signal's reason. */
const untilAborted = ({ signal }: EmbedOptions): Promise<never> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
const interrupted: World['embed'] = (options, signals) => {
  const ended = untilAborted(options);
  signals.emit('SIGINT');
  return ended;
};

test('Ctrl-C ends it: 130, and one line that says what was written', async () => {
  expect(await used({ embed: interrupted })).toEqual({
    ...{ code: 130, died: 0, stdout: '', stderr: 'Interrupted: nothing was written.\n' },
  });
});

test('Ctrl-C with --json: 130, and an event', async () => {
  expect(await used({ embed: interrupted, args: ['--json'] })).toEqual({
    ...{ code: 130, died: 0, stdout: '{"event":"interrupted"}\n', stderr: '' },
  });
});

test('Ctrl-C while files are written: they are finished, and named', async () => {
  const embed: World['embed'] = (_, signals) => {
    signals.emit('SIGINT');
    return Promise.resolve({ ...result, files: [{ kind: 'latents', path: 'latents.csv' }] });
  };
  const { code, stdout } = await used({ embed });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/latents +latents\.csv/)]);
});

test('a second Ctrl-C ends it at once; an echo of the first does not', async () => {
  let now = 0;
  const embed: World['embed'] = (_, signals) => {
    for (const ms of [0, 100, 1000]) {
      now = ms;
      signals.emit('SIGINT');
    }
    return Promise.resolve(result);
  };
  expect((await used({ embed, now: () => now })).died).toBe(1);
});

test('what fails by itself after Ctrl-C is an error still', async () => {
  const embed: World['embed'] = (_, signals) => {
    signals.emit('SIGINT');
    return Promise.reject(new Error('disk full'));
  };
  const { code, stderr } = await used({ embed });
  expect([code, stderr]).toEqual([1, expect.stringContaining('disk full')]);
});

test('it shows how far it is, and notices beside', async () => {
  let now = 0;
  const embed: World['embed'] = (options) => {
    options.onProgress?.(0, 0, 'reading data');
    now += 20_000;
    options.onNotice?.({ code: 'NOTICE_DATA', text: 'Read as a table.' });
    options.onProgress?.(3, 12, 'encode');
    return Promise.resolve(result);
  };
  const plain = await used({ embed, now: () => now });
  expect(plain.stderr).toBe('Read as a table.\nembed  encode 3/12  ETA -:--\n');
  const terminal = await used({ embed, now: () => now, isTTY: true });
  expect(terminal.stderr).toContain('embed  reading data ...');
  const json = await used({ embed, now: () => now, args: ['--json'] });
  expect(json).toMatchObject({ code: 0, stderr: '' });
});

test('--memory-limit is handed on as it is', async () => {
  let limit: string | undefined;
  const embed: World['embed'] = ({ memoryLimit }) => {
    limit = memoryLimit;
    return Promise.resolve(result);
  };
  await used({ embed, args: ['--memory-limit', '64M'] });
  expect(limit).toBe('64M');
});
