/** Every preset: gradients as tfjs itself has them, and one set of weights for any number of workers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fillNoise,
  initializeParameters,
  modelTensors,
  presets,
  type ColumnInfo,
  type ExampleInfo,
  type Model,
} from '@lockstep/core';
import { createEngine, gradientFunction, lossFunction, modelFunction } from '@lockstep/engine';
import { describe, expect, it } from 'vitest';
import type { TrainConfig } from './config/trainConfig.ts';
import { elementCount } from './run/namedTensor.ts';
import { engineOrSkip, expectAsTfjs } from './testing/engines.ts';
import { writeTextLines } from './testing/textLines.ts';
import { wholeRuns } from './testing/wholeRuns.ts';

const { data, done, temporary } = wholeRuns({ train: 90, test: 20 });
const names = Object.keys(presets) as (keyof typeof presets)[];
const image: ExampleInfo = { shape: [12, 12, 1], classes: 4 };
const B = 12;

const sizes = [0, 3, 0, 2, 5, 4, 1, 0, 3, 17];
const columns = sizes.map((categories, i): ColumnInfo => {
  const kind = categories === 0 ? 'numeric' : i % 2 === 0 ? 'ordinal' : 'categorical';
  return { name: `c${String(i)}`, kind, missing: i < 8, ...(categories > 0 && { categories }) };
});

/** What a preset is for, where that is not images. */
const examples: Readonly<Record<string, ExampleInfo>> = {
  tabular: { shape: [columns.length], columns },
  recommend: { shape: [40] },
  text: { shape: [12], tokens: 9 },
  audio: { shape: [16, 8, 1] },
};

/** Numbers and categories' numbers, some missing. */
function fillTable(out: Float32Array): void {
  fill(out, 'normal', 90);
  for (let i = 0; i < out.length; i++) {
    const { categories, missing } = columns[i % columns.length] ?? { missing: false };
    if (categories !== undefined) out[i] = (i * 7) % categories;
    if (missing && i % 9 === 4) out[i] = NaN;
  }
}

/** What crosses the engine's border, by name: parameters as a run begins, made-up examples. */
function inputsFor(
  model: Model,
  { columns: table, tokens }: ExampleInfo,
): Record<string, Float32Array> {
  const inputs: Record<string, Float32Array> = {};
  const specs = modelTensors(model);
  const values = initializeParameters(specs, 1);
  for (const { name } of specs) inputs[`param/${name}`] = values[name] as Float32Array;
  for (const [name, shape] of Object.entries(model.inputs)) {
    const data = new Float32Array(B * elementCount(shape));
    inputs[`batch/${name}`] = data;
    if (name === 'label') data.forEach((_, i) => (data[i] = i % 4));
    else if (table && name === 'x') fillTable(data);
    else if (tokens && name === 'x') data.forEach((_, i) => (data[i] = (i * 5) % tokens));
    else fill(data, 'uniform', 90);
  }
  Object.entries(model.noise).forEach(([name, { shape, distribution }], stream) => {
    const data = new Float32Array(B * elementCount(shape));
    fill(data, distribution, stream);
    inputs[`noise/${name}`] = data;
  });
  for (const [name, { at }] of Object.entries(model.scalars ?? {})) {
    inputs[`scalar/${name}`] = Float32Array.of(at(3, 10));
  }
  inputs['weight'] = new Float32Array(B).fill(1, 0, B - 1);
  return inputs;
}

function fill(out: Float32Array, distribution: 'normal' | 'uniform', stream: number): void {
  fillNoise(out, distribution, { seed: 3, kind: 'sampling', stream, epoch: 0, example: 0 });
}

describe.each(['onnx', 'tensorflow'])('%s', (name) => {
  it.for(names)('has the gradients of preset %s that tfjs has', async (preset, context) => {
    const engine = await engineOrSkip(name, context);
    const example = examples[preset] ?? image;
    const model = presets[preset].create()(example);
    const inputs = inputsFor(model, example);
    const phases = [0, ...(model.phases ?? []).map((_, i) => i + 1)];
    const functions = phases.map((phase) => gradientFunction(model, B, phase));
    for (const fn of [...functions, lossFunction(model, B)]) {
      await expectAsTfjs(engine, fn, inputs, { what: preset });
    }
  });
});

it('has the functions of presets for kinds of data that tfjs has', async () => {
  const engine = await createEngine('onnx');
  for (const preset of ['tabular', 'denoising', 'recommend', 'text'] as const) {
    const example = examples[preset] ?? image;
    const model = presets[preset].create()(example);
    for (const [name, { inputs: shapes, noise }] of Object.entries(model.functions)) {
      const fn = modelFunction(model, name, B);
      const inputs = inputsFor({ ...model, inputs: shapes, noise }, example);
      await expectAsTfjs(engine, fn, inputs, { what: `${preset}, ${name}` });
    }
  }
});

/** Data of the kind that a preset is for, where that is not images. */
const dataOf: Readonly<Record<string, () => Pick<TrainConfig, 'data'>>> = {
  audio: () => ({ data: { source: data, resize: [16, 8] } }),
  text: () => ({ data: writeTextLines(join(temporary, 'lines.txt'), 100) }),
  recommend: () => write('ratings', (i) => [`u${i % 110}`, `i${(i * i + (i % 7)) % 40}`], 900),
  tabular: () =>
    write('table', (i) => [i * 0.37 - ((i * i) % 11), 'abc'[i % 3] ?? '', i % 5 ? i % 4 : ''], 120),
};

function write(kind: string, row: (i: number) => readonly (string | number)[], count: number) {
  const path = join(temporary, `${kind}.csv`);
  const lines = Array.from({ length: count }, (_, i) => row(i).join(','));
  writeFileSync(path, lines.join('\n'));
  return { data: `${kind}:${path}` };
}

it.each(names)('preset %s gives one set of weights for any workers and channel', async (preset) => {
  const own = { preset, ...dataOf[preset]?.() };
  const settings = { ...own, batchSize: 45, microBatch: 12, steps: 4 } as const;
  const one = await done({ ...settings, workers: 1 });
  expect(Number.isFinite(one.testLoss)).toBe(true);
  for (const channel of ['shared', 'message'] as const) {
    const many = await done({ ...settings, workers: 3, channel });
    expect(many, channel).toMatchObject({
      weightsSha256: one.weightsSha256,
      testLoss: one.testLoss,
      trainLoss: one.trainLoss,
    });
  }
});
