/**
 * The configuration of a run that is continued: what it was started with. Given settings may say
 * the same again, so a command can be repeated with --resume; of those that differ, only such that
 * change nothing in the steps already made are taken.
 */
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../errors.ts';
import { describe } from './describe.ts';
import type { GivenConfig } from './loadConfig.ts';
import { describeModel } from './modelReference.ts';
import { resolveConfig, resolveWorkers } from './resolveConfig.ts';
import type { ResolvedConfig } from './resolvedConfig.ts';
import { dataSettings, type DataSettings, type TrainConfig } from './trainConfig.ts';

/** What each setting but `data` decides of the steps' results; those that may change are not here. */
const DECIDES: Readonly<Partial<Record<keyof TrainConfig, keyof ResolvedConfig>>> = {
  preset: 'model',
  model: 'model',
  modelOptions: 'model',
  engine: 'engine',
  batchSize: 'batchSize',
  microBatch: 'microBatch',
  learningRate: 'learningRate',
  scaleLr: 'learningRate',
  optimizer: 'optimizer',
  schedule: 'schedule',
  clipNorm: 'clipNorm',
  seed: 'seed',
  out: 'out',
};

/** @param stored the configuration in the run's checkpoint, with `out` as the run's folder */
export async function resumeConfig(
  stored: ResolvedConfig,
  given: GivenConfig,
): Promise<ResolvedConfig> {
  const { config, locate } = given;
  const asked = await resolveConfig({
    ...given,
    config: { ...basisOf(stored, config), ...config },
  });
  checkSameData(stored, asked, given);
  for (const [setting, field] of Object.entries(DECIDES)) {
    if (Object.hasOwn(config, setting) && !isDeepStrictEqual(asked[field], stored[field])) {
      const show = (of: ResolvedConfig) =>
        field === 'model' ? describeModel(of.model) : describe(of[field]);
      throw refused(locate([setting]), show(stored), show(asked));
    }
  }
  const workersAsked = config.workers ?? stored.workersAsked;
  return {
    ...withLength(stored, asked, given),
    workers: resolveWorkers(workersAsked, stored),
    workersAsked,
    channel: config.channel ?? stored.channel,
    checkpoint: config.checkpoint === undefined ? stored.checkpoint : asked.checkpoint,
  };
}

/** Stored settings on which the meaning of given ones depends. */
function basisOf({ model, batchSize, optimizer }: ResolvedConfig, given: TrainConfig): TrainConfig {
  if (model.kind === 'file') {
    const replaced = given.preset !== undefined || given.modelOptions !== undefined;
    return { batchSize, optimizer, ...(replaced ? {} : { model: model.path }) };
  }
  const preset = { preset: model.name, modelOptions: model.options };
  return { batchSize, optimizer, ...(given.model === undefined ? preset : {}) };
}

/** Of `data` each key counts by itself, so that one may be said again without the others. */
function checkSameData(
  { data: stored }: ResolvedConfig,
  { data: asked }: ResolvedConfig,
  { config, locate }: GivenConfig,
): void {
  const given = dataSettings(config.data);
  for (const key of Object.keys(given) as (keyof DataSettings)[]) {
    if (given[key] === undefined || isDeepStrictEqual(asked[key], stored[key])) continue;
    const path = typeof config.data === 'string' ? ['data'] : ['data', key];
    throw refused(locate(path), describe(stored[key]), describe(asked[key]));
  }
}

/** The run as long as asked for, where the steps already made do not depend on its length. */
function withLength(
  stored: ResolvedConfig,
  asked: ResolvedConfig,
  { config, locate }: GivenConfig,
): ResolvedConfig {
  const setting = (['epochs', 'steps'] as const).find((each) => config[each] !== undefined);
  if (setting === undefined || asked[setting] === stored[setting]) return stored;
  if (stored.schedule.name === 'cosine') {
    const length = stored.steps === undefined ? `${stored.epochs} epochs` : `${stored.steps} steps`;
    const expected = `${length}, where its cosine schedule ends`;
    throw refused(locate([setting]), expected, describe(asked[setting]));
  }
  const { epochs: _epochs, steps: _steps, ...rest } = stored;
  return { ...rest, [setting]: asked[setting] };
}

function refused(where: string, expected: string, got: string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_RESUME',
    where,
    expected: `what the run was started with, ${expected}`,
    got,
    fix: 'Leave it out, or start a new run.',
  });
}
