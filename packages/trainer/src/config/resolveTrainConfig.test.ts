import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedConfig } from './resolvedConfig.ts';
import { resolveTrainConfig } from './resolveTrainConfig.ts';
import { mlpModel } from './testing/mlpModel.ts';
import type { TrainConfig } from './trainConfig.ts';

let cwd: string;
beforeEach(async () => void (cwd = await mkdtemp(join(tmpdir(), 'lockstep-'))));
afterEach(() => rm(cwd, { recursive: true }));

/** Every machine's choice, for the tests. */
const chooseEngine = async () => ({ name: 'onnx', reason: 'chosen' });

const withFlags = (flags: object) => resolveTrainConfig({ flags, cwd, chooseEngine });

async function withFile(name: string, text: string, flags: TrainConfig = {}) {
  await mkdir(dirname(join(cwd, name)), { recursive: true });
  await writeFile(join(cwd, name), text);
  return resolveTrainConfig({ file: name, flags, cwd, chooseEngine });
}

const json = (settings: object, flags?: TrainConfig) =>
  withFile('a/train.json', JSON.stringify(settings), flags);

describe('defaults', () => {
  it('train the MLP on MNIST with all cores', async () => {
    expect(await withFlags({})).toEqual({
      model: mlpModel({ latentDim: 20, klWeight: 1 }),
      data: { source: 'mnist' },
      engine: 'onnx',
      engineAsked: 'auto',
      engineReason: 'onnx: chosen',
      workers: Math.min(availableParallelism(), 4),
      workersAsked: 'auto',
      channel: 'shared',
      batchSize: 128,
      microBatch: 32,
      slots: 16,
      epochs: 10,
      learningRate: 1e-3,
      scaleLr: false,
      optimizer: { name: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
      schedule: { name: 'constant', warmupSteps: 0 },
      seed: 0,
      checkpoint: { keep: 3 },
    } satisfies ResolvedConfig);
  });

  it("are the preset's", async () => {
    const { batchSize, microBatch, learningRate } = await withFlags({ preset: 'conv' });
    expect([batchSize, microBatch, learningRate]).toEqual([32, 8, 1e-4]);
  });

  it('are general ones for a model file', async () => {
    const { model, batchSize, learningRate, epochs } = await json({ model: 'my.ts' });
    expect(model).toEqual({ kind: 'file', path: join(cwd, 'a/my.ts') });
    expect([batchSize, learningRate, epochs]).toEqual([128, 1e-3, 10]);
  });

  it("take the optimizer's own learning rate where it is not the preset's optimizer", async () => {
    const { optimizer, learningRate } = await withFlags({ preset: 'conv', optimizer: 'rmsprop' });
    expect([optimizer.name, learningRate]).toEqual(['rmsprop', 1e-2]);
  });

  it('take no more workers than a step has micro-batches and slots', async () => {
    const workers = async (flags: object) => (await withFlags(flags)).workers;
    expect(await workers({ batchSize: 1 })).toBe(1);
    expect(await workers({ batchSize: 1e6, microBatch: 1 })).toBeLessThanOrEqual(16);
    expect(await workers({ batchSize: 1, workers: 2 })).toBe(2);
  });

  it('take as many workers as are asked for, up to what the collective can tell apart', async () => {
    expect((await withFlags({ workers: 254 })).workers).toBe(254);
    await expect(withFlags({ workers: 255 })).rejects.toMatchObject({
      expected: '"auto", or a whole number from 1 to 254',
    });
  });

  it('leave no epochs where steps are given', async () => {
    const config = await withFlags({ steps: 7 });
    expect(config.steps).toBe(7);
    expect(config).not.toHaveProperty('epochs');
  });
});

describe('a resolved configuration', () => {
  const all: TrainConfig = {
    preset: 'mlp',
    modelOptions: { latentDim: 3, klWeight: 4 },
    data: { source: 'faces', resize: [32, 24], color: 'grey', holdOut: 0.2 },
    engine: 'eager:cpu',
    workers: 3,
    batchSize: 96,
    microBatch: 16,
    epochs: 2,
    learningRate: 0.01,
    scaleLr: true,
    optimizer: { name: 'momentum', nesterov: true },
    schedule: { name: 'step', everySteps: 100, warmupSteps: 5 },
    clipNorm: 1.5,
    seed: 9,
    channel: 'message',
    out: 'runs/a',
    checkpoint: { everySteps: 50, keep: 1 },
  };

  it('holds every setting, with paths from the file', async () => {
    expect(await json(all)).toEqual({
      model: mlpModel({ latentDim: 3, klWeight: 4 }),
      data: { source: join(cwd, 'a/faces'), resize: [32, 24], color: 'grey', holdOut: 0.2 },
      engine: 'eager:cpu',
      engineAsked: 'eager:cpu',
      workers: 3,
      workersAsked: 3,
      channel: 'message',
      batchSize: 96,
      microBatch: 16,
      slots: 16,
      epochs: 2,
      learningRate: 0.0075,
      scaleLr: true,
      optimizer: { name: 'momentum', momentum: 0.9, nesterov: true, weightDecay: 0 },
      schedule: { name: 'step', everySteps: 100, factor: 0.1, warmupSteps: 5 },
      clipNorm: 1.5,
      seed: 9,
      out: join(cwd, 'a/runs/a'),
      checkpoint: { everySteps: 50, keep: 1 },
    } satisfies ResolvedConfig);
  });

  it('is plain JSON', async () => {
    for (const config of [await json(all), await withFlags({})]) {
      expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config);
    }
  });
});

describe('a mistake in a flag is named by the flag', () => {
  it.each([
    [{ batchSize: 0 }, '--batch-size', '0'],
    [{ batchSize: -1 }, '--batch-size', '-1'],
    [{ batchSize: NaN }, '--batch-size', 'NaN'],
    [{ batchSize: 1.5 }, '--batch-size', '1.5'],
    [{ batchSize: '128' }, '--batch-size', '"128"'],
    [{ microBatch: 0 }, '--micro-batch', '0'],
    [{ epochs: 0 }, '--epochs', '0'],
    [{ steps: Infinity }, '--steps', 'Infinity'],
    [{ learningRate: 0 }, '--learning-rate', '0'],
    [{ learningRate: -1 }, '--learning-rate', '-1'],
    [{ learningRate: Infinity }, '--learning-rate', 'Infinity'],
    [{ seed: -1 }, '--seed', '-1'],
    [{ seed: 2 ** 53 }, '--seed', '9007199254740992'],
    [{ workers: 0 }, '--workers', '0'],
    [{ workers: 255 }, '--workers', '255'],
    [{ workers: 256 }, '--workers', '256'],
    [{ workers: 'many' }, '--workers', '"many"'],
    [{ scaleLr: 1 }, '--scale-lr', '1'],
    [{ out: '' }, '--out', '""'],
    [{ data: ' ' }, '--data', '" "'],
    [{ testData: '' }, '--test-data', '""'],
    [{ resize: [0, 28] }, '--resize', '[0,28]'],
    [{ binarize: 1 }, '--binarize', '1'],
    [{ optimizer: 3 }, '--optimizer', '3'],
    [{ earlyStopping: 0 }, '--early-stopping', '0'],
  ])('%j', async (flags, where, got) => {
    await expect(withFlags(flags)).rejects.toMatchObject({ code: 'CONFIG_VALUE', where, got });
  });

  it.each([
    [{ preset: 'mpl' }, '--preset', 'mlp'],
    [{ engine: 'eager-cpu' }, '--engine', 'eager:cpu'],
    [{ engine: 'ONNX' }, '--engine', 'onnx'],
    [{ optimizer: 'adamm' }, '--optimizer', 'adam'],
    [{ channel: 'share' }, '--channel', 'shared'],
    [{ color: 'gray' }, '--color', 'grey'],
    [{ schedule: 'cosin' }, '--schedule', 'cosine'],
    [{ schedule: { name: 'steps' } }, '--schedule.name', 'step'],
  ])('%j: suggests the right name', async (flags, where, right) => {
    await expect(withFlags(flags)).rejects.toMatchObject({
      code: 'CONFIG_UNKNOWN_NAME',
      where,
      fix: `Did you mean "${right}"?`,
    });
  });

  it('lists the names where none is close', async () => {
    await expect(withFlags({ optimizer: 'shampoo' })).rejects.toMatchObject({
      expected: 'one of sgd, momentum, rmsprop, adam, adamw, lion',
      fix: 'Choose one of sgd, momentum, rmsprop, adam, adamw, lion.',
    });
  });
});

describe('a mistake in a file is named by the file and the path in it', () => {
  it.each([
    [{ batchSize: 0 }, 'CONFIG_VALUE', 'batchSize', '0'],
    [{ data: 7 }, 'CONFIG_VALUE', 'data', '7'],
    [{ data: { source: 3 } }, 'CONFIG_VALUE', 'data.source', '3'],
    [{ data: { source: 'a', augment: 'rotate' } }, 'CONFIG_VALUE', 'data.augment', '"rotate"'],
    [{ data: { source: 'a', resize: [28] } }, 'CONFIG_VALUE', 'data.resize', '[28]'],
    [{ data: { source: 'a', color: 'gray' } }, 'CONFIG_UNKNOWN_NAME', 'data.color', '"gray"'],
    [{ data: { source: 'a', holdOut: 1 } }, 'CONFIG_VALUE', 'data.holdOut', '1'],
    [{ earlyStopping: '3' }, 'CONFIG_VALUE', 'earlyStopping', '"3"'],
    [{ earlyStopping: { minDelta: 1 } }, 'CONFIG_VALUE', 'earlyStopping.patience', 'nothing'],
    [
      { earlyStopping: { patience: 1, minDelta: -1 } },
      'CONFIG_VALUE',
      'earlyStopping.minDelta',
      '-1',
    ],
    [{ checkpoint: { keep: 0 } }, 'CONFIG_VALUE', 'checkpoint.keep', '0'],
    [{ optimizer: { name: 'adam', beta1: 1 } }, 'CONFIG_NUMBER', 'optimizer.beta1', '1'],
    [{ schedule: { name: 'step' } }, 'CONFIG_NUMBER', 'schedule.everySteps', '0'],
  ])('%j', async (settings, code, path, got) => {
    const where = `${join('a', 'train.json')}: ${path}`;
    await expect(json(settings)).rejects.toMatchObject({ code, where, got });
  });

  it.each([
    [{ batchsize: 1 }, '', '"batchsize"', 'Did you mean "batchSize"?'],
    [{ 'batch-size': 1 }, '', '"batch-size"', 'Did you mean "batchSize"?'],
    [{ learningrat: 1 }, '', '"learningrat"', 'Did you mean "learningRate"?'],
    [{ data: { source: 'a', colour: 'rgb' } }, 'data', '"colour"', 'Did you mean "color"?'],
    [{ data: { sorce: 'a' } }, 'data', '"sorce"', 'Did you mean "source"?'],
    [{ earlyStopping: { patient: 2 } }, 'earlyStopping', '"patient"', 'Did you mean "patience"?'],
    [{ checkpoint: { keeps: 1 } }, 'checkpoint', '"keeps"', 'Did you mean "keep"?'],
    [{ optimizer: { name: 'adam', beta3: 0 } }, 'optimizer', '"beta3"', 'Did you mean "beta1"?'],
    [
      { schedule: { name: 'step', everyStep: 1 } },
      'schedule',
      '"everyStep"',
      'Did you mean "everySteps"?',
    ],
    [{ checkpoint: { zzzz: 1 } }, 'checkpoint', '"zzzz"', 'Choose one of everySteps, keep.'],
  ])('%j: suggests the right key', async (settings, path, got, fix) => {
    const where = join('a', 'train.json') + (path && `: ${path}`);
    await expect(json(settings)).rejects.toMatchObject({
      code: 'CONFIG_UNKNOWN_KEY',
      where,
      got,
      fix,
    });
  });

  it.each([[[]], ['text'], [null]])('%j is no configuration', async (settings) => {
    await expect(withFile('c.json', JSON.stringify(settings))).rejects.toMatchObject({
      code: 'CONFIG_VALUE',
      where: 'c.json',
      expected: 'an object of settings',
    });
  });
});

describe('settings that do not go together', () => {
  it.each([
    [{ epochs: 1, steps: 1 }, '--steps', 'no --epochs beside it'],
    [{ preset: 'mlp', model: 'a.ts' }, '--model', 'no --preset beside it'],
    [{ modelOptions: {}, model: 'a.ts' }, '--model', 'no --model-options beside it'],
    [{ data: { source: 'a', test: 'b', holdOut: 0.1 } }, '--hold-out', 'no --test-data beside it'],
  ])('%j', async (flags, where, expected) => {
    const error = { code: 'CONFIG_EXCLUSIVE', where, expected };
    await expect(withFlags(flags)).rejects.toMatchObject(error);
  });

  it('a micro-batch larger than the batch, wherever each comes from', async () => {
    await expect(withFlags({ preset: 'conv', microBatch: 33 })).rejects.toMatchObject({
      code: 'CONFIG_MICRO_BATCH',
      where: '--micro-batch',
      expected: 'at most the batch size, 32',
      got: '33',
    });
    await expect(json({ microBatch: 64 }, { batchSize: 32 })).rejects.toMatchObject({
      where: `${join('a', 'train.json')}: microBatch`,
      fix: 'Lower it, or raise the batch size (--batch-size).',
    });
  });

  it('two settings of one file', async () => {
    await expect(json({ preset: 'mlp', model: 'my.ts' }, {})).rejects.toMatchObject({
      code: 'CONFIG_EXCLUSIVE',
      where: `${join('a', 'train.json')}: model`,
      expected: 'no preset beside it',
    });
  });

  it('options in the file of a preset that a flag replaces by a file', async () => {
    const settings = { modelOptions: { latentDim: 2 } };
    await expect(json(settings, { model: 'my.ts' })).rejects.toMatchObject({
      code: 'CONFIG_EXCLUSIVE',
      where: '--model',
      expected: `no ${join('a', 'train.json')}: modelOptions.latentDim beside it`,
    });
  });
});
