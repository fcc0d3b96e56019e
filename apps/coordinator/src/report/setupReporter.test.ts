import type { SetupResult } from '@lockstep/engine/setup';
import { describe, expect, test } from 'vitest';
import { recordOutput } from '../testing/recordOutput.ts';
import { createSetupReporter, resultText, setupLine } from './setupReporter.ts';

const result: SetupResult = {
  version: '2.21.0',
  variant: 'cpu',
  library: { state: 'made', folder: '/cache/tensorflow', bytes: 854_737_100 },
  tfjsNode: { state: 'made', folder: '/cache/tensorflow/tfjs-node' },
};

const download = (done: number) => ({ stage: 'download', done, total: 274e6 }) as const;

describe('the line', () => {
  test('says how much and how long', () => {
    const line = setupLine(download(137e6), 4, 59);
    expect(line).toBe('[====    ]  Downloading libtensorflow  137/274 MB  ETA 0:04');
  });

  test('guesses no time within the first second', () => {
    expect(setupLine(download(1e6), 0.2, 79)).toContain('ETA -:--');
  });

  test.each([79, 60, 40, 20, 10])('fits %i characters', (width) => {
    expect(setupLine(download(100e6), 3, width).length).toBeLessThanOrEqual(width);
    const compile = { stage: 'compile', done: 0, total: 0 } as const;
    expect(setupLine(compile, 3, width).length).toBeLessThanOrEqual(width);
  });
});

describe('the end', () => {
  test('where all was made', () => {
    expect(resultText(result)).toBe(
      'libtensorflow 2.21.0, 855 MB, is now in /cache/tensorflow.\n' +
        'eager:tfjs-node is set up on it.\n' +
        '`lockstep doctor` shows which engines work.\n',
    );
  });

  test('where the library was there and no compiler is', () => {
    const text = resultText({
      ...result,
      variant: 'gpu',
      library: { ...result.library, state: 'there' },
      tfjsNode: { state: 'none', reason: 'there is no C++ compiler', fix: 'Install one.' },
    });
    expect(text).toContain('libtensorflow 2.21.0 with CUDA is there already, in /cache');
    expect(text).toContain(
      'eager:tfjs-node-gpu is not set up: there is no C++ compiler. Install one.',
    );
  });
});

describe('what is printed', () => {
  function run(options: { json?: boolean; quiet?: boolean; isTTY?: boolean }): string {
    const { json = false, quiet = false, isTTY = false } = options;
    const stdout = recordOutput({ isTTY, columns: 80 });
    let time = 0;
    const reporter = createSetupReporter({ json, quiet, stdout, now: () => (time += 500) });
    for (const done of [0, 100e6, 274e6]) reporter.onProgress(download(done));
    reporter.onProgress({ stage: 'unpack', done: 1, total: 10 });
    reporter.onResult(result);
    reporter.close();
    return stdout.text;
  }

  test('to a pipe: a line for each stage, and the result', () => {
    expect(run({})).toBe(`Downloading libtensorflow ...\nUnpacking it ...\n${resultText(result)}`);
  });

  test('to a terminal: a line drawn over and over, and gone at the end', () => {
    const text = run({ isTTY: true });
    expect(text).toContain('100/274 MB');
    expect(text.endsWith(`\r\x1b[2K${resultText(result)}`)).toBe(true);
  });

  test('--quiet: where the library is', () => {
    expect(run({ quiet: true, isTTY: true })).toBe('/cache/tensorflow\n');
  });

  test('--json: lines of JSON', () => {
    const lines = run({ json: true, isTTY: true }).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { event: 'setup', stage: 'download', totalBytes: 274e6 },
      { event: 'setup', stage: 'unpack', totalBytes: 10 },
      { event: 'done', ...result },
    ]);
  });
});
