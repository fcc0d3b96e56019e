import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { wholeRuns, workerEntry } from '../../testing/wholeRuns.ts';
import { embedRun } from '../embed.ts';
import { anomalyFitRun, type AnomalyFitOptions } from './fitAnomaly.ts';
import { anomalyScoreRun, type AnomalyScoreOptions } from './scoreAnomaly.ts';

const { run, temporary } = wholeRuns({ train: 512, test: 96 });
const at = (name: string) => join(temporary, name);
const fit = (from: string, options: Partial<AnomalyFitOptions> = {}) =>
  anomalyFitRun(from, { workerEntry, out: at('threshold.json'), ...options });
const score = (from: string, options: Partial<AnomalyScoreOptions> = {}) =>
  anomalyScoreRun(from, { workerEntry, ...options });
const lines = (name: string) =>
  readFileSync(at(name), 'utf8')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));

/** Two columns that agree, and one that is 5.5 in bad rows alone. */
function writeTable(name: string, rows: number): string {
  const text = Array.from({ length: rows }, (_, i) => {
    const bad = i % 10 === 9;
    const kind = i % 2 === 0 ? 'even' : 'odd';
    return `${kind},${(i % 2) + (i % 7) / 50},${bad ? 5.5 : (i % 5) / 10},${bad ? 'bad' : 'good'}`;
  });
  const path = at(name);
  writeFileSync(path, `parity,level,pressure,state\n${text.join('\n')}\n`);
  return `table:${path}`;
}

describe('images of a class that was not trained on', () => {
  let out: string;

  beforeAll(async () => {
    const data = { onlyLabels: ['0', '1', '2'], validationHoldOut: 0.2 };
    const settings = { steps: 60, batchSize: 64, workers: 2, preset: 'mlp' } as const;
    out = (await run({ ...settings, data: { ...data, source: at('data') } })).out;
  });

  it.each(['elbo', 'iw'] as const)('are found by their %s', async (name) => {
    const settings = { score: name, draws: 3 };
    const fitted = await fit(out, { ...settings, fpr: 0.1, workers: 1 });
    expect(fitted).toMatchObject({ ...settings, seed: 0, leftOut: 0, step: 60 });
    expect(fitted.heldOut).toMatchObject({ part: 'validation' });
    expect(fitted.heldOut.exceeded).toBeLessThanOrEqual(0.1);
    const plot = at(`${name}.svg`);
    const threshold = at('threshold.json');
    const result = await score(out, { threshold, out: at('one.csv'), plot, workers: 1 });
    await score(out, { threshold, out: at('three.csv'), workers: 3 });
    expect(readFileSync(at('three.csv'))).toEqual(readFileSync(at('one.csv')));
    const [head, ...rows] = lines('one.csv');
    expect(head).toEqual(['example', 'label', 'score', 'verdict']);
    expect(rows).toHaveLength(96);
    const flagged = rows.filter((row) => Number(row[2]) > fitted.threshold);
    expect(flagged.every((row) => row[3] === 'anomalous')).toBe(true);
    expect(result).toMatchObject({ examples: 96, flagged: flagged.length });
    // Class 3's bar lies where no other's does.
    expect(result.measures).toMatchObject({ normal: 72, anomalous: 24, auc: 1, caught: 1 });
    const point = { low: 1, high: 1 };
    const intervals = { aucInterval: point, averagePrecisionInterval: point };
    expect(result.measures).toMatchObject({ averagePrecision: 1, ...intervals });
    const wrong = flagged.filter((row) => row[1] !== '3').length;
    expect(result.measures?.falseAlarms).toBeCloseTo(wrong / 72, 12);
    expect(result.files.map(({ kind }) => kind)).toEqual([
      'scores',
      'histogram',
      'roc',
      'precision-recall',
    ]);
    const interval = ', 95% from 1.0000 to 1.0000';
    expect(readFileSync(plot, 'utf8')).toContain(`data, run run-`);
    expect(readFileSync(at(`${name}-roc.svg`), 'utf8')).toContain(`AUC 1.0000${interval}`);
    const precision = `average precision 1.0000${interval}`;
    expect(readFileSync(at(`${name}-pr.svg`), 'utf8')).toContain(precision);
  });

  it('are told by labels that are named, either way', async () => {
    const normal = await score(out, { draws: 1, normal: ['0', '1', '2'] });
    const anomalous = await score(out, { draws: 1, anomalous: ['3'] });
    expect(anomalous.measures).toEqual(normal.measures);
    const other = await score(out, { draws: 1, seed: 5, anomalous: ['3'] });
    expect(other.measures?.auc).toBeGreaterThan(0.9);
  });

  it.each<[string, Partial<AnomalyScoreOptions>, string]>([
    ['a class that is not there', { normal: ['nine'] }, 'DATA_UNKNOWN_CLASS'],
    ['both ways', { normal: ['0'], anomalous: ['3'] }, 'CONFIG_CONFLICT'],
    ['blame without columns', { blame: 2, out: 'x.csv' }, 'CONFIG_BLAME'],
    ['blame without a table', { blame: 2 }, 'CONFIG_USELESS_FLAG'],
    ['another kind of table', { out: 'x.txt' }, 'CONFIG_TABLE_FILE'],
    ['verdicts among numbers', { threshold: 't.json', out: 'x.npy' }, 'CONFIG_TABLE_FILE'],
    ['blame among numbers', { blame: 1, out: 'x.npy' }, 'CONFIG_TABLE_FILE'],
    ['a plot below a file', { plot: join(import.meta.filename, 'x.png') }, 'RUN_WRITE_FAILED'],
    ['no threshold', { threshold: at('none.json') }, 'RUN_BAD_THRESHOLD'],
  ])('refuses %s', async (_, options, code) => {
    await expect(score(out, options)).rejects.toMatchObject({ code });
    expect(existsSync('x.csv')).toBe(false);
  });

  it.each<[string, string, { where?: string; expected: string; got: string }]>([
    [
      'no JSON',
      '{"a":',
      {
        expected: 'a threshold as `lockstep anomaly fit` writes it: JSON',
        got: 'text that is none (',
      },
    ],
    ['a list', '[1]', { expected: 'a threshold as `lockstep anomaly fit` writes it', got: '[1]' }],
    ['a text', '{"threshold": "3"}', { where: ', "threshold"', expected: 'a number', got: '"3"' }],
    [
      'another score',
      '{"threshold": 3, "score": "mean"}',
      { where: ', "score"', expected: 'elbo or iw', got: '"mean"' },
    ],
    [
      'no draws',
      '{"threshold": 3, "score": "iw"}',
      { where: ', "draws"', expected: 'a whole number', got: 'nothing' },
    ],
  ])('a threshold file with %s is refused', async (_, text, { where = '', expected, got }) => {
    const path = at('bad.json');
    writeFileSync(path, text);
    await expect(score(out, { threshold: path })).rejects.toMatchObject({
      ...{ code: 'RUN_BAD_THRESHOLD', where: path + where, expected },
      got: expect.stringContaining(got) as string,
    });
  });

  it('a threshold holds for what it was fitted with alone', async () => {
    await fit(out, { draws: 1, fpr: 0.1 });
    const options = { threshold: at('threshold.json') };
    await expect(score(out, { ...options, draws: 2 })).rejects.toMatchObject({
      code: 'CONFIG_CONFLICT',
    });
    const other = await run({ steps: 1, batchSize: 64, workers: 1, preset: 'mlp' });
    await expect(score(other.out, options)).rejects.toMatchObject({ code: 'RUN_OTHER_THRESHOLD' });
    await expect(fit(out, { fpr: 0.0001 })).rejects.toMatchObject({ code: 'RUN_TOO_FEW_NORMALS' });
    await expect(fit(out, { fpr: 1 })).rejects.toMatchObject({ code: 'CONFIG_RATE' });
  });
});

describe('rows of a table', () => {
  it('are blamed on the column that is off', async () => {
    const source = writeTable('rows.csv', 600);
    const data = { source, read: { label: 'state' }, onlyLabels: ['good'] };
    const settings = { epochs: 20, batchSize: 64, workers: 2, preset: 'tabular' } as const;
    const { out } = await run({ ...settings, learningRate: 3e-3, data });
    await fit(out, { fpr: 0.05 });
    const other = writeTable('more.csv', 200);
    const options = { threshold: at('threshold.json'), data: other, blame: 2 };
    const result = await score(out, { ...options, out: at('blamed.csv'), workers: 1 });
    expect(result.measures).toMatchObject({ normal: 180, anomalous: 20, unseen: 0 });
    expect(result.measures?.auc).toBeGreaterThan(0.95);
    const [head, ...rows] = lines('blamed.csv');
    expect(head?.slice(5)).toEqual(['blame1', 'excess1', 'blame2', 'excess2']);
    const bad = rows.filter((row) => row[2] === 'bad');
    expect(bad.map((row) => row[5])).toEqual(bad.map(() => 'pressure'));
    expect(bad.every((row) => Number(row[6]) > Number(row[8]))).toBe(true);
    await score(out, { ...options, out: at('again.csv'), workers: 3 });
    expect(readFileSync(at('again.csv'))).toEqual(readFileSync(at('blamed.csv')));
  });

  it('of a kind that training has no name for are anomalies', async () => {
    const source = writeTable('rows.csv', 300);
    const data = { source, read: { label: 'state' } };
    const { out } = await run({ steps: 5, batchSize: 64, workers: 1, preset: 'tabular', data });
    const path = at('new.csv');
    const text = readFileSync(at('rows.csv'), 'utf8').replaceAll(/bad$/gm, 'worse');
    writeFileSync(path, text);
    const named = { data: `table:${path}`, draws: 1 };
    const results = ['new-scores.csv', 'new-latents.csv'] as const;
    const { measures } = await score(out, { ...named, normal: ['good'], out: at(results[0]) });
    expect(measures).toMatchObject({ normal: 270, anomalous: 30, unseen: 30, unknown: 0 });
    await embedRun(out, { workerEntry, data: named.data, out: at(results[1]) });
    const states = text.trimEnd().split('\n').slice(1).map((line) => line.split(',').at(-1)); // prettier-ignore
    for (const [header = [], ...rows] of results.map(lines)) {
      expect(rows.map((row) => row[header.indexOf('label')])).toEqual(states);
    }
    const other = await score(out, { ...named, anomalous: ['bad'] });
    expect(other.measures).toBeUndefined();
  });
});
