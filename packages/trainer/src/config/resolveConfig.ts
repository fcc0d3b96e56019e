/** Decides everything that a configuration leaves open, and refuses settings that do not go together. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defaultLearningRate, type OptimizerName } from '@lockstep/collective';
import type { PresetDefaults } from '@lockstep/core';
import { parseSourceName, type ReadSettings } from '@lockstep/data';
import type { chooseEngine } from '@lockstep/engine';
import { ConfigError } from '../errors.ts';
import type { GivenConfig } from './loadConfig.ts';
import { defaultMicroBatch, DEFAULT_SLOTS } from './microBatches.ts';
import { checkOptionText, completeModelOptions } from './modelOptions.ts';
import type { ModelReference } from './modelReference.ts';
import { completeOptimizer, completeSchedule } from './namedSettings.ts';
import { parseBytes } from './parseBytes.ts';
import { checkKnownName, type Locate } from './parseConfig.ts';
import { checkOneWorkerPerGpu, drivesGpu, resolveEngines } from './resolveEngines.ts';
import type { GroupConfig, ResolvedConfig, ResolvedData } from './resolvedConfig.ts';
import { withoutUndefined } from './withoutUndefined.ts';
import { dataSettings, type DataSettings, type TrainConfig } from './trainConfig.ts';

const DEFAULT_PRESET = 'mlp';
const DEFAULT_DATA = 'mnist';
const BUNDLED_DATA = ['mnist', 'sprites', 'tastes'];

/** Of a model file. */
const GENERAL_DEFAULTS: PresetDefaults = {
  batchSize: 128,
  learningRate: 1e-3,
  optimizer: 'adam',
  epochs: 10,
};

/** @param choose the engine for a device, where it is left open */
export async function resolveConfig(
  { config, locate, baseOf }: GivenConfig,
  choose?: typeof chooseEngine,
): Promise<ResolvedConfig> {
  checkTogether(config, locate);
  const { model, defaults } = await resolveModel(config, locate, baseOf);

  const batchSize = config.batchSize ?? defaults.batchSize;
  const microBatch = config.microBatch ?? defaultMicroBatch(batchSize);
  if (microBatch > batchSize) {
    throw new ConfigError({
      code: 'CONFIG_MICRO_BATCH',
      where: locate(['microBatch']),
      expected: `at most the batch size, ${batchSize}`,
      got: `${microBatch}`,
      fix: `Lower it, or raise the batch size (${locate(['batchSize'])}).`,
    });
  }

  const optimizer = completeOptimizer(config.optimizer ?? defaults.optimizer, locate);
  const scaleLr = config.scaleLr ?? false;
  const baseRate = config.learningRate ?? rateOf(optimizer.name, defaults);
  const engines = await resolveEngines(config, locate, choose);
  const workersAsked = config.workers ?? 'auto';
  const cut = { batchSize, microBatch, slots: DEFAULT_SLOTS };
  const workers = engines.devices?.length ?? resolveWorkers(workersAsked, engines.engine, cut);
  checkOneWorkerPerGpu(engines, workers, locate([engines.devices ? 'devices' : 'workers']));
  const { steps, clipNorm, groups = [], ema, earlyStopping, out, checkpoint } = config;
  const epochs = steps === undefined ? (config.epochs ?? defaults.epochs) : undefined;
  return {
    model,
    data: resolveData(dataSettings(config.data), baseOf),
    ...engines,
    workers,
    workersAsked,
    channel: config.channel ?? 'shared',
    batchSize,
    microBatch,
    slots: DEFAULT_SLOTS,
    ...(epochs === undefined ? {} : { epochs }),
    ...(steps === undefined ? {} : { steps }),
    learningRate: scaleLr ? (baseRate * batchSize) / defaults.batchSize : baseRate,
    scaleLr,
    optimizer,
    schedule: completeSchedule(config.schedule ?? 'constant', locate),
    ...(groups.length === 0 ? {} : { groups: resolveGroups(groups, locate) }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(ema === undefined ? {} : { ema: typeof ema === 'number' ? { decay: ema } : ema }),
    ...(earlyStopping === undefined ? {} : { earlyStopping: resolveStopping(earlyStopping) }),
    seed: config.seed ?? 0,
    ...(out === undefined ? {} : { out: resolve(baseOf(['out']), out) }),
    checkpoint: {
      ...(checkpoint?.everySteps === undefined ? {} : { everySteps: checkpoint.everySteps }),
      keep: checkpoint?.keep ?? 3,
    },
  };
}

/**
 * `auto`: a worker for each core, but no more than a step has slots to work on; one for an engine that
 * drives a GPU.
 */
export function resolveWorkers(
  asked: number | 'auto',
  engine: string,
  { batchSize, microBatch, slots }: Pick<ResolvedConfig, 'batchSize' | 'microBatch' | 'slots'>,
): number {
  if (asked !== 'auto') return asked;
  if (drivesGpu(engine)) return 1;
  return Math.min(availableParallelism(), Math.ceil(batchSize / microBatch), slots);
}

function checkTogether(config: TrainConfig, locate: Locate): void {
  const exclude = (a: readonly string[], b: readonly string[], fix: string) => {
    const where = locate(a);
    const file = /^.*: /.exec(where)?.[0] ?? '';
    const other = locate(b);
    throw new ConfigError({
      code: 'CONFIG_EXCLUSIVE',
      where,
      expected: `no ${other.startsWith(file) ? other.slice(file.length) : other} beside it`,
      got: 'both',
      fix,
    });
  };
  const { data } = config;
  if (config.epochs !== undefined && config.steps !== undefined) {
    exclude(['steps'], ['epochs'], 'Say how long to train in one of the two.');
  }
  if (config.preset !== undefined && config.model !== undefined) {
    exclude(['model'], ['preset'], 'Train a preset or a model of your own.');
  }
  if (config.modelOptions !== undefined && config.model !== undefined) {
    const path = ['modelOptions', ...Object.keys(config.modelOptions).slice(0, 1)];
    exclude(['model'], path, 'Options are for presets; write them into your file.');
  }
  if (config.devices !== undefined && config.workers !== undefined) {
    exclude(['devices'], ['workers'], 'Each device named has a worker; cpu*4 is four.');
  }
  if (typeof data !== 'object') return;
  if (data.test !== undefined && data.holdOut !== undefined) {
    exclude(['data', 'holdOut'], ['data', 'test'], 'A hold-out is for data without a test part.');
  }
  if (data.validation !== undefined && data.validationHoldOut !== undefined) {
    const fix = 'A hold-out is for data without a validation part.';
    exclude(['data', 'validationHoldOut'], ['data', 'validation'], fix);
  }
}

async function resolveModel(
  config: TrainConfig,
  locate: Locate,
  baseOf: GivenConfig['baseOf'],
): Promise<{ readonly model: ModelReference; readonly defaults: PresetDefaults }> {
  if (config.model !== undefined) {
    const path = resolve(baseOf(['model']), config.model);
    return { model: { kind: 'file', path }, defaults: GENERAL_DEFAULTS };
  }
  const core = await import('@lockstep/core');
  const { findPreset, klSchedules, likelihoods, presets } = core;
  const name = config.preset ?? DEFAULT_PRESET;
  checkKnownName(locate(['preset']), name, Object.keys(presets));
  const preset = findPreset(name);
  const options = completeModelOptions(preset, config.modelOptions ?? {}, locate, {
    klSchedule: Object.keys(klSchedules),
    likelihood: Object.keys(likelihoods),
  });
  const { likelihood, klSchedule, klWeight } = options;
  if (typeof likelihood === 'string') {
    checkOptionText(locate(['modelOptions', 'likelihood']), () => core.findLikelihood(likelihood));
  }
  if (typeof klSchedule === 'string' && typeof klWeight === 'number') {
    const key = config.modelOptions?.klSchedule === undefined ? 'klWeight' : 'klSchedule';
    checkOptionText(locate(['modelOptions', key]), () => core.klTermOf(klSchedule, klWeight));
  }
  return { model: { kind: 'preset', name, options }, defaults: preset.defaults };
}

function resolveGroups(groups: NonNullable<TrainConfig['groups']>, locate: Locate): GroupConfig[] {
  return groups.map(({ match, learningRateScale, weightDecay }, index) => {
    if (learningRateScale === undefined && weightDecay === undefined) {
      throw new ConfigError({
        code: 'CONFIG_NO_EFFECT',
        where: locate(['groups', index]),
        expected: 'learningRateScale or weightDecay beside the match',
        got: 'neither',
        fix: 'Say what is to differ, or leave the group out.',
      });
    }
    return {
      match,
      learningRateScale: learningRateScale ?? 1,
      ...(weightDecay === undefined ? {} : { weightDecay }),
    };
  });
}

function resolveStopping(
  stopping: NonNullable<TrainConfig['earlyStopping']>,
): NonNullable<ResolvedConfig['earlyStopping']> {
  const { patience, minDelta = 0 } =
    typeof stopping === 'number' ? { patience: stopping } : stopping;
  return { patience, minDelta };
}

function resolveData(
  { source = DEFAULT_DATA, test, validation, binarize, memoryLimit, read, ...others }: DataSettings,
  baseOf: GivenConfig['baseOf'],
): ResolvedData {
  const locate = (key: 'source' | 'test' | 'validation', name: string) => {
    if (BUNDLED_DATA.includes(name)) return name;
    const { kind, path } = parseSourceName(name);
    const absolute = resolve(baseOf(['data', key]), path);
    return kind === undefined ? absolute : `${kind}:${absolute}`;
  };
  return {
    source: locate('source', source),
    ...(test === undefined ? {} : { test: locate('test', test) }),
    ...(validation === undefined ? {} : { validation: locate('validation', validation) }),
    ...withoutUndefined(others),
    ...(binarize === undefined || binarize === 'none' ? {} : { binarize }),
    ...(memoryLimit === undefined ? {} : { memoryLimit: parseBytes(memoryLimit) ?? 0 }),
    ...(read === undefined ? {} : { read: resolveRead(read, baseOf(['data', 'read'])) }),
  };
}

/** One setting is a path. */
function resolveRead(read: ReadSettings, base: string): ReadSettings {
  const { schema } = read;
  return typeof schema === 'string' ? { ...read, schema: resolve(base, schema) } : read;
}

/** The model's default rate is for its default optimizer. */
function rateOf(optimizer: OptimizerName, defaults: PresetDefaults): number {
  return optimizer === defaults.optimizer ? defaults.learningRate : defaultLearningRate(optimizer);
}
