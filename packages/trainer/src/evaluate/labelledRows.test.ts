/** Metrics by labels, where some are not known, on any part. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillNoise } from '@lockstep/core';
import { expect, it } from 'vitest';
import { evaluateRun } from '../evaluateRun.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import { labelledRows } from './labelledRows.ts';

const { run, temporary } = wholeRuns({ train: 16, test: 16 });

it('leaves out rows without a label', () => {
  const rows = { data: Float32Array.of(1, 2, 3, 4, 5, 6), count: 3, dim: 2 };
  expect(labelledRows(rows, Int32Array.of(0, -1, 1))).toEqual({
    rows: { data: Float32Array.of(1, 2, 5, 6), count: 2, dim: 2 },
    labels: Int32Array.of(0, 1),
  });
  const labels = Int32Array.of(0, 1, 1);
  expect(labelledRows(rows, labels)).toEqual({ rows, labels });
});

it('classifiers are judged by the labels of the part, and by known ones alone', async () => {
  const count = 600;
  const u = new Float32Array(count);
  fillNoise(u, 'normal', { seed: 1, kind: 'sampling', stream: 0, epoch: 0, example: 0 });
  // Two far groups; of every fourth row it is not known which.
  const rows = [...u].map((value, i) => {
    const group = i % 3 === 0 ? 'few' : 'many';
    const shift = group === 'few' ? 8 : -8;
    return `${value + shift},${value - shift},${i % 4 === 0 ? '' : group}`;
  });
  const path = join(temporary, 'labels.csv');
  writeFileSync(path, `a,b,group\n${rows.join('\n')}\n`);
  const data = { source: `table:${path}`, read: { label: 'group' }, validationHoldOut: 0.2 };
  const model = { preset: 'tabular', modelOptions: { latentDim: 2 } };
  const { out } = await run({ data, ...model, steps: 60, batchSize: 64, workers: 1 });
  for (const part of ['test', 'validation', 'train'] as const) {
    const request = { metrics: ['probe', 'knn'] };
    const { metrics = {} } = await evaluateRun(out, { workerEntry, workers: 1, part, request });
    for (const name of ['probe', 'knn']) {
      const { accuracy, trainExamples } = metrics[name] as Record<string, number>;
      expect({ part, name, accuracy }).toEqual({ part, name, accuracy: 1 });
      expect(trainExamples).toBeLessThan(0.8 * 0.9 * count);
    }
  }
});
