import type { EvaluationProgress, SlowComparison } from '@lockstep/trainer';
import { describe, expect, test } from 'vitest';
import { recordOutput } from '../testing/recordOutput.ts';
import { createEvaluationReporter, evaluationLine, slowText } from './evaluationReporter.ts';

const drawing = (done: number): EvaluationProgress => ({
  ...{ event: 'progress', metric: 'iw-nll', part: 2, parts: 5 },
  ...{ work: 'logWeight', done, total: 1000 },
});
const slow: SlowComparison = {
  event: 'slow',
  metric: 'knn',
  ...{ queries: 10_000, points: 20_000, dim: 512 },
};

describe('the line', () => {
  test('says what, how much and how long', () => {
    expect(evaluationLine(drawing(250), 4, 58)).toBe(
      '[==      ]  iw-nll (2 of 5)  logWeight 250/1,000  ETA 0:12',
    );
  });

  test('of the loss alone needs no number of parts', () => {
    const loss = { event: 'progress', part: 1, parts: 1, work: '', done: 3, total: 4 } as const;
    expect(evaluationLine(loss, 3, 20)).toBe('loss  3/4  ETA 0:01');
  });

  test.each([79, 50, 30, 10])('fits %i characters', (width) => {
    expect(evaluationLine(drawing(999), 100, width).length).toBeLessThanOrEqual(width);
  });
});

test('what is slow is said with its size', () => {
  expect(slowText(slow)).toContain(
    'knn compares 10,000 with 20,000 examples in 512 dimensions each, up to 1e11 numbers',
  );
});

describe('what is printed', () => {
  function run({ json = false, isTTY = false }, stepMs: number): string {
    const stderr = recordOutput({ isTTY, columns: 80 });
    let time = 0;
    const reporter = createEvaluationReporter({ json, stderr, now: () => (time += stepMs) });
    for (const done of [0, 1, 2, 3, 500, 1000]) reporter.onEvent(drawing(done));
    reporter.onEvent(slow);
    reporter.close();
    return stderr.text;
  }

  test('to a terminal: a line drawn over and over, and gone at the end', () => {
    const text = run({ isTTY: true }, 100);
    expect(text).toContain('iw-nll (2 of 5)  logWeight 500/1,000');
    expect(text).toMatch(/\r\x1b\[2Kknn compares .*\n$/u);
    expect(text.split('\n')).toHaveLength(2);
  });

  test('elsewhere: a line now and then, none where all is over soon', () => {
    expect(run({}, 1)).toBe(`${slowText(slow)}\n`);
    const lines = run({}, 4000).split('\n');
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.length).toBeLessThan(8);
    expect(lines[0]).toMatch(/^iw-nll \(2 of 5\) {2}logWeight \d+\/1,000 {2}ETA /u);
  });

  test('--json: nothing', () => {
    expect(run({ json: true, isTTY: true }, 4000)).toBe('');
  });
});
