import '../testing/cpuBackend.ts';
import { tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { ModelError } from '../errors.ts';
import { expectModelContract, runOf } from '../testing/modelContract.ts';
import { textPreset } from './text.ts';

const small = { filters: 6, latentDim: 4 };
const example = { shape: [11], tokens: 9 };

it.each([
  {},
  { blocks: 1, wordDropout: 0.3 },
  { klSchedule: 'constant' },
  { klSchedule: 'cyclical', klWeight: 0.5 },
])('keeps the contract with %j', (options) => {
  const model = textPreset.create({ ...small, ...options })(example);
  expect(model.name).toBe(textPreset.name);
  expectModelContract(model);
});

it('starts near ln V nats for each token', () => {
  const model = textPreset.create()(example);
  const { params, noise, context } = runOf(model, 2);
  const x = tensor(
    [1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1, 2, 3, 4],
    [2, ...example.shape],
  );
  const { metrics } = model.loss(params, { x }, noise, { ...context, training: false });
  const [reconstruction = [], tokens = []] = ['reconstruction', 'tokens'].map((name) =>
    Array.from(metrics[name]?.dataSync() ?? []),
  );
  expect(tokens).toEqual([9, 11]);
  reconstruction.forEach((nats, i) => {
    expect(Math.abs(nats / (tokens[i] ?? NaN) - Math.log(example.tokens))).toBeLessThan(0.3);
  });
});

it.each([
  [{}, { shape: [28, 28, 1] }, 'MODEL_DATA_KIND'],
  [{}, { shape: [20] }, 'MODEL_DATA_KIND'],
  [{ latentDim: 0 }, example, 'MODEL_LAYER_OPTION'],
  [{ filters: 0 }, example, 'MODEL_LAYER_OPTION'],
  [{ blocks: 0.5 }, example, 'MODEL_LAYER_OPTION'],
  [{ wordDropout: 1 }, example, 'MODEL_LIKELIHOOD_OPTION'],
  [{ klSchedule: 'no' }, example, 'MODEL_KL_SCHEDULE'],
])('refuses %j for %j', (options, given, code) => {
  expect(() => textPreset.create(options)(given)).toThrow(
    expect.objectContaining({ name: 'ModelError', code }) as ModelError,
  );
});
