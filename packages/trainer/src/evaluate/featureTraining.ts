/**
 * The feature network of a run's data, trained by the ordinary trainer, into a run folder of its own
 * inside the run's: `features`. Found there again, for the same data, it is not trained again. Its configuration depends
 * on the data only, never on the model or its engine, so that models compare; and like every run it gives
 * the same bits with any number of workers.
 */
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { modelTensors } from '@lockstep/core';
import { featureNetwork } from '@lockstep/core/metrics';
import type { DatasetInfo } from '@lockstep/data';
import { resolveTrainConfig } from '../config/resolveTrainConfig.ts';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { CheckpointError, RunError } from '../errors.ts';
import { exampleInfo } from '../job.ts';
import { checkModelMatch } from '../run/checkModelMatch.ts';
import { readLatestCheckpoint } from '../run/latestCheckpoint.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import { train } from '../train.ts';

const MOST_STEPS = 1000;
/** Enough for data of which an epoch is a step or two. */
const MOST_EPOCHS = 50;
const BATCH_SIZE = 128;
/** Whatever trained the model: the features are the same for all, and this one is always there. */
const ENGINE = 'onnx';
const FOLDER = 'features';

/** What decides the parameters. */
const DECIDES = [
  'model',
  'data',
  'engine',
  'batchSize',
  'microBatch',
  'slots',
  'steps',
  'learningRate',
  'optimizer',
  'seed',
] as const satisfies readonly (keyof ResolvedConfig)[];

export interface NetworkOptions {
  /** Of the run. */
  readonly config: ResolvedConfig;
  /** To train on. */
  readonly data: DatasetInfo;
  /** The module that worker threads load. */
  readonly workerEntry: URL;
  /** Ends it, and nothing of it is kept: its reason is thrown. */
  readonly signal: AbortSignal | undefined;
  /** Told of the steps of training. */
  onStep(done: number, total: number): void;
}

/**
 * The network's parameters.
 * @param run the run folder; or one of its checkpoint files, and then nothing is kept
 */
export async function trainFeatureNetwork(
  run: string,
  options: NetworkOptions,
): Promise<readonly NamedTensor[]> {
  if (statSync(run).isDirectory()) return trainInto(join(run, FOLDER), options);
  const temporary = await mkdtemp(join(tmpdir(), 'lockstep-'));
  try {
    return await trainInto(join(temporary, FOLDER), options);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function trainInto(
  out: string,
  { config, data, workerEntry, signal, onStep }: NetworkOptions,
): Promise<readonly NamedTensor[]> {
  const steps = Math.min(MOST_STEPS, MOST_EPOCHS * Math.ceil(data.count / BATCH_SIZE));
  const wanted = await networkConfig(config, out, steps);
  const found = existsSync(out) ? await readTrained(out, wanted, data) : undefined;
  if (found) return found;
  await rm(out, { recursive: true, force: true });
  await train(wanted, {
    workerEntry,
    signal: signal ?? new AbortController().signal,
    onEvent: (event) => {
      if (event.event === 'step') onStep(event.step, steps);
    },
  });
  if (signal?.aborted) {
    await rm(out, { recursive: true, force: true });
    throw signal.reason;
  }
  return (await readLatestCheckpoint(out)).checkpoint.parameters;
}

async function networkConfig(
  config: ResolvedConfig,
  out: string,
  steps: number,
): Promise<ResolvedConfig> {
  const { data, channel, workers, workersAsked } = config;
  const defaults = await resolveTrainConfig({
    flags: { engine: ENGINE, steps, batchSize: BATCH_SIZE },
  });
  return {
    ...defaults,
    ...{ data, channel, workers, workersAsked, out },
    model: { kind: 'features' },
    checkpoint: { everySteps: steps, keep: 1 },
  };
}

/** Parameters that an earlier evaluation has trained in just this way, on such data. */
async function readTrained(
  out: string,
  wanted: ResolvedConfig,
  { count, shape, classes, ...data }: DatasetInfo,
): Promise<readonly NamedTensor[] | undefined> {
  let checkpoint;
  try {
    ({ checkpoint } = await readLatestCheckpoint(out));
    const network = featureNetwork(exampleInfo({ ...data, shape, ...(classes && { classes }) }));
    checkModelMatch(checkpoint.parameters, modelTensors(network), out);
  } catch (error) {
    // Nothing there, broken, or of another version: it is trained again.
    if (error instanceof CheckpointError || error instanceof RunError) return undefined;
    throw error;
  }
  // JSON leaves out what is undefined.
  const plain = (config: ResolvedConfig, key: (typeof DECIDES)[number]): string =>
    JSON.stringify(config[key]) ?? '';
  const { examples, shape: itsShape, classes: itsClasses } = checkpoint.data;
  const same =
    isDeepStrictEqual([examples, itsShape, itsClasses], [count, shape, classes]) &&
    DECIDES.every((key) => plain(checkpoint.config, key) === plain(wanted, key));
  return same && checkpoint.step === wanted.steps ? checkpoint.parameters : undefined;
}
