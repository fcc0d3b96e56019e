/** Metrics of whole runs with real threads, against what can be computed by hand. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillNoise } from '@lockstep/core';
import { describe, expect, it } from 'vitest';
import { evaluateRun, type EvaluateResult } from '../evaluateRun.ts';
import { wholeRuns, workerEntry } from '../testing/wholeRuns.ts';
import type { EvaluationEvent } from './progress.ts';

const TEST = 133; // a full micro-batch and a short one
const { data, done, temporary } = wholeRuns({ train: 90, test: TEST });
const knownModel = fileURLToPath(new URL('../testing/knownModel.mjs', import.meta.url));

async function evaluate(
  run: string,
  metrics: 'all' | readonly string[],
  options: { readonly workers?: number; readonly samples?: number } = {},
): Promise<EvaluateResult> {
  const { workers = 2, samples } = options;
  const request = { metrics, ...(samples !== undefined && { samples }) };
  return evaluateRun(run, { workerEntry, workers, request });
}

/** Bytes of the test images. */
const images = (): Uint8Array => readFileSync(join(data, 't10k-images-idx3-ubyte')).subarray(16);

describe('of a model that is known', async () => {
  const out = join(temporary, 'known');
  const settings = { data, out, model: knownModel, steps: 1, workers: 2, seed: 5 };
  await done({ ...settings, engine: 'onnx' });

  it('importance weights are averaged over draws, each with noise of its own', async () => {
    const k = 3;
    let sum = 0;
    for (let example = 0; example < TEST; example++) {
      let mean = 0;
      for (let epoch = 0; epoch < k; epoch++) {
        const eps = new Float32Array(1);
        fillNoise(eps, 'normal', { seed: 5, kind: 'evalNoise', stream: 0, epoch, example });
        mean += Math.exp(eps[0]!) / k;
      }
      sum -= Math.log(mean);
    }
    const { metrics } = await evaluate(out, ['iw-nll', 'bpd'], { samples: k });
    expect(metrics?.['iw-nll']?.['nll']).toBeCloseTo(sum / TEST, 5);
    expect(metrics?.['bpd']?.['bpd']).toBeCloseTo(sum / TEST / (144 * Math.LN2), 7);
  });

  it('says how far it is: of the loss, of each metric, of all that they do', async () => {
    const events: EvaluationEvent[] = [];
    const request = { metrics: ['iw-nll', 'frechet', 'knn'], samples: 3 };
    const onEvent = (event: EvaluationEvent): void => void events.push(event);
    await evaluateRun(out, { workerEntry, request, onEvent });
    const last = new Map<string, string>();
    for (const event of events) {
      if (event.event === 'slow') throw new Error('nothing is slow here');
      const { metric = 'loss', part, parts, work, done, total } = event;
      last.set(`${part}/${parts} ${metric} ${work}`, `${done}/${total}`);
    }
    expect(Object.fromEntries(last)).toEqual({
      '1/1 loss ': '0/0', // the data
      '1/4 loss ': '2/2', // batches of the training
      '2/4 iw-nll ': '0/0',
      '2/4 iw-nll logWeight': '3/3',
      '3/4 frechet ': '0/0',
      // Not every step is told.
      '3/4 frechet feature network': expect.stringMatching(/^\d+\/50$/u) as string,
      '3/4 frechet features': '1/1',
      '3/4 frechet sampleFeatures': '1/1',
      '4/4 knn ': '0/0',
      '4/4 knn encode': '1/1',
      '4/4 knn comparing': `${TEST}/${TEST}`,
    });
  });

  it('the squared error is that of the pixels', async () => {
    const errors = Array.from(images(), (value) => (value / 255 - 0.25) ** 2);
    const { metrics } = await evaluate(out, ['mse']);
    expect(Object.keys(metrics ?? {})).toEqual(['mse']);
    expect(metrics?.['mse']?.['mse']).toBeCloseTo(
      errors.reduce((sum, error) => sum + error, 0) / errors.length,
      6,
    );
  });

  it('mutual information and the KL of the aggregate are those of every pair', async () => {
    const pixels = images();
    const mus = Array.from({ length: TEST }, (_, i) => {
      const image = pixels.subarray(i * 144, (i + 1) * 144);
      let [mass, across, down] = [0, 0, 0];
      image.forEach((value, at) => {
        mass += value / 255;
        across += ((at % 12) * value) / 255;
        down += (Math.floor(at / 12) * value) / 255;
      });
      return [mass / 144, across / mass, down / mass];
    });
    let [information, kl] = [0, 0];
    mus.forEach((mu, example) => {
      const eps = new Float32Array(3);
      fillNoise(eps, 'normal', { seed: 5, kind: 'evalNoise', stream: 0, epoch: 0, example });
      const z = mu.map((value, j) => value + eps[j]!);
      const log = (mean: readonly number[]): number =>
        mean.reduce((sum, m, j) => sum - 0.5 * (Math.log(2 * Math.PI) + (z[j]! - m) ** 2), 0);
      const marginal = Math.log(mus.reduce((sum, mean) => sum + Math.exp(log(mean)), 0) / TEST);
      information += (log(mu) - marginal) / TEST;
      kl += (marginal - log([0, 0, 0])) / TEST;
    });
    const { metrics } = await evaluate(out, ['aggregate-kl', 'mutual-information']);
    expect(metrics?.['mutual-information']?.['mutualInformation']).toBeCloseTo(information, 4);
    expect(metrics?.['aggregate-kl']?.['aggregateKl']).toBeCloseTo(kl, 4);
  });

  it('labels that are a place are read off the center of mass', async () => {
    const { metrics } = await evaluate(out, ['probe', 'knn']);
    expect(metrics?.['probe']?.['accuracy']).toBeGreaterThan(0.95);
    expect(metrics?.['knn']?.['accuracy']).toBe(1);
  });

  it('samples of noise are not on the manifold of the data, nor it on theirs', async () => {
    const { metrics } = await evaluate(out, ['precision-recall', 'frechet']);
    expect(metrics?.['precision-recall']).toEqual({ precision: 0, recall: 0, samples: TEST });
    expect(metrics?.['frechet']?.['classifierAccuracy']).toBe(1);
    expect(metrics?.['frechet']?.['distance']).toBeGreaterThan(10);
  });
});

it('sprites: position is disentangled by a center of mass, the shape is not', async () => {
  const out = join(temporary, 'sprites');
  const sprites = { source: 'sprites', resize: [16, 16] } as const;
  await done({ data: sprites, out, model: knownModel, steps: 1, workers: 2, engine: 'onnx' });
  const { metrics } = await evaluate(out, ['mig', 'factor-vae', 'sap', 'dci']);
  const { mig, sap, dci, 'factor-vae': factorVae } = metrics ?? {};
  expect(mig?.['x']).toBeGreaterThan(0.7);
  expect(mig?.['y']).toBeGreaterThan(0.7);
  expect(mig?.['rotation']).toBeLessThan(0.1);
  expect(sap?.['x']).toBeGreaterThan(0.9);
  // Shape and rotation have no dimension of their own.
  expect(dci?.['disentanglement']).toBeGreaterThan(0.3);
  expect(dci?.['disentanglement']).toBeLessThan(0.9);
  expect(factorVae?.['score']).toBeGreaterThan(0.4); // chance is 0.2
});

it('a table with missing values has all that it can have', async () => {
  const [path, out] = [join(temporary, 'holes.csv'), join(temporary, 'holes')];
  const rows = Array.from({ length: 750 }, (_, i) => {
    const amount = i % 7 === 0 ? '' : `${(i % 3) + (i % 11) / 10}`;
    return `${amount},${i % 5 === 0 ? '' : ['baker', 'grocer'][i % 2]},${i % 3}`;
  });
  writeFileSync(path, `amount,shop,class\n${rows.join('\n')}\n`);
  const table = { source: path, read: { label: 'class' } };
  await done({ data: table, out, preset: 'tabular', steps: 2, workers: 1, engine: 'onnx' });
  const { metrics, skipped } = await evaluate(out, 'all', { samples: 2 });
  expect(Object.keys(metrics ?? {})).toEqual(
    expect.arrayContaining(['iw-nll', 'active-units', 'frechet', 'precision-recall', 'probe']),
  );
  expect(skipped?.map(({ metric }) => metric)).toEqual(
    expect.arrayContaining(['bpd', 'bpc', 'mse', 'ssim']),
  );
});

it('bits per character are those of the characters that are scored', async () => {
  const [path, out] = [join(temporary, 'lines.txt'), join(temporary, 'text')];
  writeFileSync(path, 'to be or not\nbe\n'.repeat(40));
  const settings = { data: path, out, preset: 'text', steps: 1, workers: 1 } as const;
  await done({ ...settings, engine: 'onnx' });
  const { metrics, examples, testMetrics } = await evaluate(out, ['iw-nll', 'bpc'], { samples: 2 });
  const { bpc = NaN, characters = NaN } = metrics?.['bpc'] ?? {};
  expect(characters).toBeCloseTo((testMetrics['tokens'] ?? NaN) * examples, 3);
  const nats = (metrics?.['iw-nll']?.['nll'] ?? NaN) * examples;
  expect(bpc).toBeCloseTo(nats / (characters * Math.LN2), 10);
});

describe.each(['shared', 'message'] as const)('channel %s', (channel) => {
  it('gives the same numbers at any number of workers', async () => {
    const out = join(temporary, channel);
    await done({ data, out, preset: 'conv', steps: 6, channel, workers: 2, engine: 'onnx' });
    const one = await evaluate(out, 'all', { workers: 1, samples: 2 });
    const three = await evaluate(out, 'all', { workers: 3, samples: 2 });
    expect(three).toEqual(one);
    expect(Object.keys(one.metrics ?? {})).toContain('frechet');
    const skipped = one.skipped?.map(({ metric }) => metric);
    expect(skipped).toEqual(['bpc', 'mig', 'factor-vae', 'sap', 'dci', 'ranking']);
  });
});
