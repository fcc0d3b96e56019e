/** Presets for kinds of data and uses: tables, damaged examples, ratings; and which kinds a preset takes. */
import '../testing/cpuBackend.ts';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { ModelError } from '../errors.ts';
import { initializeParameters } from '../initialize.ts';
import type { Model, NamedTensors } from '../model.ts';
import { parameterTensors } from '../namedTensors.ts';
import { expectModelContract, noiseOf, runOf } from '../testing/modelContract.ts';
import { tableColumns } from '../testing/tableCases.ts';
import { expectClose } from '../testing/values.ts';
import { findPreset, presets } from './presets.ts';

const table = { shape: [tableColumns.length], columns: tableColumns };
/** Categories in range, every seventh value missing. */
const rows = Array.from({ length: 4 * tableColumns.length }, (_, i) => {
  const { categories } = tableColumns[i % tableColumns.length] ?? {};
  if (i % 7 === 3) return NaN;
  return categories === undefined ? Math.sin(i) : i % categories;
});
const paramsOf = (model: Model): NamedTensors =>
  parameterTensors(model.parameters, initializeParameters(model.parameters, 1));
const image = { shape: [4, 4, 1] };
const numbers = { shape: [6] };

describe('tabular', () => {
  it.each([
    {},
    { numbers: 'student-t' },
    { numbers: 'laplace', scale: 'per-output' },
    { klSchedule: 'free-bits' },
  ])('keeps the contract with %j', (options) => {
    expectModelContract(presets.tabular.create(options)(table), { x: rows });
  });

  it('keeps the contract for any rows of numbers', () => {
    expectModelContract(presets.tabular.create()(numbers));
  });

  it.each([
    [image, 'mlp or conv'],
    [{ shape: [16], tokens: 20 }, '--preset text'],
  ] as const)('refuses %j, and names presets that fit', (example, fix) => {
    expect(() => presets.tabular.create()(example)).toThrow(
      expect.objectContaining({
        code: 'MODEL_DATA_KIND',
        fix: expect.stringContaining(fix) as string,
      }) as ModelError,
    );
  });

  it('blames columns for the reconstruction of the same draw, nothing for what is missing', () => {
    const model = presets.tabular.create()(table);
    const { batch } = runOf(model, 4, { x: rows });
    const given = [paramsOf(model), batch, noiseOf(model.noise, 4)] as const;
    const { columnLosses, negativeElbo } = model.functions;
    const blame = columnLosses?.apply(...given)['columnLosses']?.arraySync() as number[][];
    expectClose(
      blame.map((row) => row.reduce((a, b) => a + b, 0)),
      negativeElbo?.apply(...given)['reconstruction']?.dataSync() ?? [],
      1e-6,
    );
    expect(blame.flat().every((loss, i) => !Number.isNaN(rows[i]) || loss === 0)).toBe(true);
  });

  it('draws rows that a table may have', () => {
    const model = presets.tabular.create()(table);
    const { draw, decode } = model.functions;
    const noise = noiseOf(draw.noise, 50);
    const { x } = draw.apply(paramsOf(model), {}, noise);
    const { x: modes } = decode.apply(paramsOf(model), { z: noise['z'] as Tensor }, {});
    for (const made of [x, modes]) {
      for (const row of made?.arraySync() as number[][]) {
        for (const [i, { categories }] of tableColumns.entries()) {
          if (categories === undefined) continue;
          expect(Number.isInteger(row[i]) && (row[i] ?? -1) >= 0).toBe(true);
          expect(row[i]).toBeLessThan(categories);
        }
      }
    }
  });
});

describe('denoising', () => {
  it.each(['gaussian', 'masking', 'salt-and-pepper'])('keeps the contract with %s', (noise) => {
    expectModelContract(presets.denoising.create({ noise })(image));
    expectModelContract(
      presets.denoising.create({ noise, likelihood: 'gaussian' })({ shape: [7] }),
    );
  });

  it('sees damaged examples in training alone, and scores whole ones', () => {
    const model = presets.denoising.create()(image);
    const plain = presets.denoising.create({ noiseLevel: 0 })(image);
    const { params, batch, noise, context } = runOf(model, 3);
    const losses = (of: Model, training: boolean, drawn: NamedTensors = noise) => [
      ...of.loss(params, batch, drawn, { ...context, training }).loss.dataSync(),
    ];
    expect(losses(model, false)).toEqual(losses(plain, false));
    expect(losses(model, true)).not.toEqual(losses(plain, true));
    // What the encoder sees is what the function makes.
    const { x } = model.functions.corrupt.apply(params, batch, noise);
    const encoded = model.encode(params, x as Tensor);
    const { kl } = model.loss(params, batch, noise, context).metrics;
    const { mu, logVar } = encoded;
    const [m, v] = [mu.dataSync(), logVar?.dataSync() ?? []];
    const L = m.length / 3;
    const expected = [0, 1, 2].map((b) => {
      let sum = 0;
      for (let i = b * L; i < (b + 1) * L; i++) {
        const [mean, log] = [m[i] ?? NaN, v[i] ?? NaN];
        sum += 0.5 * (mean * mean + Math.exp(log) - log - 1);
      }
      return sum;
    });
    expectClose(kl?.dataSync() ?? [], expected, 1e-5);
  });
});

describe('recommend', () => {
  const items = { shape: [30] };
  const chosen = Array.from({ length: 4 * 30 }, (_, i) => (i % 4 === 0 || i === 7 ? 1 : 0));
  chosen.fill(0, 60, 90); // a user without ratings

  it('keeps the contract', () => {
    expectModelContract(presets.recommend.create()(items), { x: chosen });
    expectModelContract(presets.recommend.create()(image));
  });

  it('is items-600-200-600-items', () => {
    const shapes = presets.recommend
      .create()(items)
      .parameters.map(({ name, shape }) => [name, shape]);
    expect(shapes.filter(([name]) => String(name).endsWith('kernel'))).toEqual([
      ['encoder/dense1/kernel', [30, 600]],
      ['encoder/mu/kernel', [600, 200]],
      ['encoder/logVar/kernel', [600, 200]],
      ['decoder/dense1/kernel', [200, 600]],
      ['decoder/output/kernel', [600, 30]],
    ]);
  });

  it('scores items as it would reconstruct them, whatever the length of the list', () => {
    const model = presets.recommend.create()(items);
    const params = paramsOf(model);
    const x = tensor(chosen, [4, 30]);
    const scores = model.functions.scores.apply(params, { x }, {})['scores']?.arraySync();
    const p = model.reconstruct(params, x).arraySync() as number[][];
    for (const [u, row] of (scores as number[][]).entries()) {
      const total = row.reduce((sum, score) => sum + Math.exp(score), 0);
      expectClose(
        p[u] ?? [],
        row.map((score) => Math.exp(score) / total),
        1e-5,
      );
    }
    const doubled = model.functions.scores.apply(params, { x: tensor(chosen.map((v) => 2 * v), [4, 30]) }, {}); // prettier-ignore
    expectClose(doubled['scores']?.dataSync() ?? [], (scores as number[][]).flat(), 1e-5);
  });

  it('anneals the KL to 0.2', () => {
    const { klWeight } = presets.recommend.create()(items).scalars ?? {};
    expect([klWeight?.at(0, 100), klWeight?.at(99, 100)]).toEqual([0, 0.2]);
  });
});

it.each([
  ['tabular', { numbers: 'normal' }, 'MODEL_PRESET_OPTION'],
  ['tabular', { scale: 'fixed' }, 'MODEL_PRESET_OPTION'],
  ['tabular', { scaleFloor: 0 }, 'MODEL_LIKELIHOOD_OPTION'],
  ['tabular', { hiddenUnits: 0 }, 'MODEL_LAYER_OPTION'],
  ['denoising', { noise: 'white' }, 'MODEL_PRESET_OPTION'],
  ['denoising', { noiseLevel: -1 }, 'MODEL_LAYER_OPTION'],
  ['recommend', { dropout: 1 }, 'MODEL_LAYER_OPTION'],
] as const)('%s refuses %j', (name, options, code) => {
  const example = name === 'tabular' ? numbers : image;
  expect(() => findPreset(name).create(options)(example)).toThrow(
    expect.objectContaining({ name: 'ModelError', code }) as ModelError,
  );
});

describe('audio', () => {
  const sound = { shape: [16, 8, 1] };

  it.each([{}, { likelihood: 'gaussian-per-output' }, { latentDim: 3, klSchedule: 'free-bits' }])(
    'keeps the contract with %j',
    (options) => {
      expectModelContract(presets.audio.create(options)(sound));
    },
  );

  it('begins with the scale that its likelihood names', () => {
    const model = presets.audio.create({ likelihood: 'gaussian-learned:0.2' })(sound);
    const scale = paramsOf(model)['likelihood/logScale']?.dataSync() ?? [];
    expectClose(scale, [Math.log(0.2)], 1e-6);
  });

  it('has what generating, reconstructing and scoring need', () => {
    const names = Object.keys(presets.audio.create()(sound).functions);
    expect(names).toEqual(
      expect.arrayContaining([
        'encode',
        'decode',
        'reconstruct',
        'sample',
        'logWeight',
        'negativeElbo',
      ]),
    );
  });

  it.each([
    ['raw samples', [1600], 'MODEL_LAYER_SHAPE'],
    ['frames that cannot be halved three times', [20, 64, 1], 'MODEL_IMAGE_SIZE'],
  ])('refuses %s', (_, shape, code) => {
    expect(() => presets.audio.create()({ shape })).toThrow(
      expect.objectContaining({ name: 'ModelError', code }) as ModelError,
    );
  });
});

describe('a kind of data that makes no sense to a preset', () => {
  const text = { shape: [16], tokens: 20 };
  const ratings = { shape: [16], items: 16 };

  it.each([
    ['tabular', ratings, '--preset recommend; if the file has a table, say so: --data table:FILE'],
    ['tabular', text, '--preset text; if the file has a table, say so: --data table:FILE'],
    ['recommend', table, '--preset tabular; if the file has ratings, say so: --data ratings:FILE'],
    ['recommend', text, '--preset text; if the file has ratings, say so: --data ratings:FILE'],
    ['text', ratings, '--preset recommend; if the file has text, say so: --data text:FILE'],
    ['text', image, '--preset mlp or conv; if the file has text, say so: --data text:FILE'],
    ['mlp', text, '--preset text.'],
    ['denoising', text, '--preset text.'],
  ])('is refused by %s: %j', (name, example, fix) => {
    expect(() => findPreset(name).create()(example)).toThrow(
      expect.objectContaining({
        code: 'MODEL_DATA_KIND',
        fix: expect.stringContaining(fix) as string,
      }) as ModelError,
    );
  });

  it.each(['mlp', 'denoising', 'recommend'])('is none to %s, of ratings', (name) => {
    expect(findPreset(name).create()(ratings).inputs['x']).toEqual([16]);
  });
});
