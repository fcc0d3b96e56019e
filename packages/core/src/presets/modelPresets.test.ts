import '../testing/cpuBackend.ts';
import { describe, expect, it } from 'vitest';
import type { ModelError } from '../errors.ts';
import { parameterCount } from '../initialize.ts';
import { findLikelihood } from '../likelihoods/likelihoods.ts';
import { runOf } from '../testing/modelContract.ts';
import { findPreset, presets } from './presets.ts';

const mnist = { shape: [28, 28, 1], classes: 10 };
const names = ['vq', 'categorical', 'hierarchical', 'factor', 'vae-gan', 'semi', 'semi-stacked'];

describe.each(names)('preset %s', (name) => {
  const preset = findPreset(name);

  it('carries its name, and makes a model whose loss is finite at the start', () => {
    expect(preset.name).toBe(name);
    const model = preset.create()(mnist);
    expect(model.name).toBe(name);
    const { params, batch, noise, context } = runOf(model, 2);
    const { loss, metrics } = model.loss(params, batch, noise, { ...context, training: false });
    expect(Object.keys(metrics)).toEqual(model.metrics);
    expect(loss.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('says what data its likelihood is of', () => {
    const likelihood = preset.options['likelihood'];
    if (typeof likelihood !== 'string') return; // a squared error takes any
    expect(preset.create()(mnist).support).toEqual(findLikelihood(likelihood).support);
  });

  it('refuses options that it does not have', () => {
    expect(() => preset.create({ nothing: 1 })).toThrow(
      expect.objectContaining({ code: 'MODEL_PRESET_OPTION' }) as ModelError,
    );
  });
});

it("vq has the networks of Keras's example", () => {
  const model = presets.vq.create()(mnist);
  // model.summary() there says 19,856 and 28,033; and 128 codes of 16
  const count = (prefix: string) =>
    parameterCount(model.parameters.filter((spec) => spec.name.startsWith(prefix)));
  expect([count('encoder'), count('decoder'), count('codebook')]).toEqual([19_856, 28_033, 2_048]);
  expect(model.grid).toEqual([7, 7]);
});

it.each([
  ['vq', { codebook: 'none' }, mnist, 'MODEL_OPTION'],
  ['vq', {}, { shape: [30, 28, 1] }, 'MODEL_IMAGE_SIZE'],
  ['vq', {}, { shape: [784] }, 'MODEL_LAYER_SHAPE'],
  ['vq', { codes: 1 }, mnist, 'MODEL_OPTION'],
  ['vae-gan', {}, { shape: [26, 28, 1] }, 'MODEL_IMAGE_SIZE'],
  ['categorical', { temperature: 0 }, mnist, 'MODEL_TEMPERATURE'],
  ['categorical', { minTemperature: 0 }, mnist, 'MODEL_TEMPERATURE'],
  ['categorical', { variables: 0 }, mnist, 'MODEL_OPTION'],
  ['hierarchical', { klSchedule: 'free-bits' }, mnist, 'MODEL_OPTION'],
  ['factor', { tcWeight: -1 }, mnist, 'MODEL_OPTION'],
  ['semi', {}, { shape: [28, 28, 1] }, 'MODEL_LABELS'],
  ['semi', { method: 'm3' }, mnist, 'MODEL_OPTION'],
  ['semi-stacked', {}, { shape: [28, 28, 1] }, 'MODEL_LABELS'],
  ['semi-stacked', { styleDim: 0 }, mnist, 'MODEL_LAYER_OPTION'],
] as const)('%s refuses %j for %j', (name, options, example, code) => {
  expect(() => findPreset(name).create(options)(example)).toThrow(
    expect.objectContaining({ name: 'ModelError', code }) as ModelError,
  );
});

it('semi has a classifier on the latent as well', () => {
  const { metrics } = presets.semi.create({ method: 'latent' })(mnist);
  expect(metrics).toEqual(['reconstruction', 'kl', 'classification', 'accuracy']);
});
