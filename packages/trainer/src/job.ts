/**
 * The job: data, model, plan and compiled functions, made from a configuration. All that can be
 * wrong with the input is found here, before anything is written or any memory allocated.
 */
import { mostMoments, type ArenaSpec, type UpdateRule } from '@lockstep/collective';
import type { ExampleInfo, Model } from '@lockstep/core';
import {
  checkInputs,
  checkValues,
  columnInfo,
  learnedColumns,
  openData,
  stagingBytesPerWorker,
  type Dataset,
  type DataFormat,
  type DataPart,
  type DataSource,
  type DatasetInfo,
  type LoadOptions,
  type SpoolOptions,
} from '@lockstep/data';
import {
  gradientFunction,
  lossFunction,
  type CompiledFunction,
  type Engine,
} from '@lockstep/engine';
import { planSteps, type StepPlan } from './config/microBatches.ts';
import { loadModel } from './config/modelReference.ts';
import { engineOf, enginesOf } from './config/resolveEngines.ts';
import type { ResolvedConfig } from './config/resolvedConfig.ts';
import { decideXla, engineNamed, versionsOf } from './engines.ts';
import { updateGroups, type UpdateGroups } from './plan/updateGroups.ts';
import type { DataSummary } from './run/checkpoint.ts';
import type { BatchCut, WorkerJob } from './worker/job.ts';

export interface PreparedJob {
  readonly config: ResolvedConfig;
  readonly data: DataSource;
  readonly example: ExampleInfo;
  readonly model: Model;
  readonly plan: StepPlan;
  readonly update: UpdateGroups;
  readonly totalSteps: number;
  /** What each epoch is evaluated on, by which runs stop early and the best weights are kept. */
  readonly watched: 'validation' | 'test';
  /** Global batches that cover it. */
  readonly evaluationRounds: number;
}

export interface Job extends PreparedJob {
  /** By name. */
  readonly engines: ReadonlyMap<string, Engine>;
}

/** `format`: that of the data, where a run has found it before. */
export async function prepareJob(
  config: ResolvedConfig,
  format?: DataFormat,
  spooling?: SpoolOptions,
): Promise<PreparedJob> {
  const data = await openData(config.data.source, config.data, format, spooling);
  try {
    return await jobOn(data, config);
  } catch (error) {
    await data.close();
    throw error;
  }
}

async function jobOn(data: DataSource, config: ResolvedConfig): Promise<PreparedJob> {
  const example = exampleInfo(data.train);
  const model = await loadModel(config.model, example);
  checkInputs(data.train, model.inputs);
  const plan = planSteps({
    examples: data.train.count,
    batchSize: config.batchSize,
    microBatch: config.microBatch,
    slots: config.slots,
  });
  return {
    config,
    data,
    example,
    model,
    plan,
    update: updateGroups(model, config),
    totalSteps: config.steps ?? (config.epochs ?? 0) * plan.stepsPerEpoch,
    watched: data.validation ? 'validation' : 'test',
    evaluationRounds: roundsOf(data.validation ?? data.test, config),
  };
}

/** Global batches that cover a part of the data. */
export function roundsOf(
  { count }: Pick<DatasetInfo, 'count'>,
  { batchSize }: Pick<ResolvedConfig, 'batchSize'>,
): number {
  return Math.ceil(count / batchSize);
}

/**
 * The job with its engines. XLA may be decided here by running the step, so call it when the arena
 * exists: then the job is known to fit into memory.
 */
export async function startEngines(job: PreparedJob): Promise<Job> {
  const config = await decideXla(job.config, gradientFunction(job.model, job.plan.microBatch));
  const engines = new Map<string, Engine>();
  for (const name of enginesOf(config)) engines.set(name, await engineNamed(name, config));
  const engineVersions = await versionsOf(engines.keys());
  return { ...job, config: { ...config, engineVersions }, engines };
}

/** The engine for what runs in this thread: pictures. */
export function firstEngine({ engines }: Job): Engine {
  const [engine] = engines.values();
  if (!engine) throw new Error('a job without an engine');
  return engine;
}

export function dataSummary({ data: { train, validation, test } }: PreparedJob): DataSummary {
  const { count, shape, classes, format } = train;
  return {
    examples: count,
    ...(validation && { validationExamples: validation.count }),
    testExamples: test.count,
    shape,
    ...(classes !== undefined && { classes }),
    format,
  };
}

/** What a model is told of the data. */
export function exampleInfo({
  shape,
  classes,
  format,
}: Pick<DataSummary, 'shape' | 'classes' | 'format'>): ExampleInfo {
  return {
    shape,
    ...(classes !== undefined && { classes }),
    ...(format.kind === 'table' && { columns: learnedColumns(format).map(columnInfo) }),
    ...(format.kind === 'text' && { tokens: format.vocabulary.length }),
    ...(format.kind === 'ratings' && { items: format.items.length }),
  };
}

export interface CompiledJob {
  /** Of each phase of a step. */
  readonly gradients: readonly CompiledFunction[];
  readonly losses: CompiledFunction;
}

/** Traces and lowers loss and gradients, for each engine; finds what is wrong with the model's code. */
export async function compileJob({ engines, model, plan }: Job): Promise<Map<string, CompiledJob>> {
  const compiled = new Map<string, CompiledJob>();
  for (const [name, engine] of engines) {
    const gradients: CompiledFunction[] = [];
    for (const phase of phaseNumbers(model)) {
      gradients.push(await engine.compile(gradientFunction(model, plan.microBatch, phase)));
    }
    const losses = await engine.compile(lossFunction(model, plan.microBatch));
    compiled.set(name, { gradients, losses });
  }
  return compiled;
}

const phaseNumbers = ({ phases = [] }: Model): number[] => [0, ...phases.map((_, i) => i + 1)];

/** What a training step reports beside its loss, in the order of a record's sums. */
export function trainingMetrics({ metrics, phases = [] }: Model): readonly string[] {
  return [...metrics, ...phases.flatMap((phase) => [phase.name, ...phase.metrics])];
}

/** What a worker's engine has compiled. */
export function compiledFor(
  compiled: ReadonlyMap<string, CompiledJob>,
  config: ResolvedConfig,
  worker: number,
): CompiledJob {
  const name = engineOf(config, worker);
  const found = compiled.get(name);
  if (!found) throw new Error(`nothing is compiled for engine ${name}`);
  return found;
}

/** `order`: how it will be passed through. */
export async function loadPart(
  { config, data, model, plan }: Job,
  part: DataPart,
  order: 'shuffled' | 'sequential',
  how: SpoolOptions & Pick<LoadOptions, 'stepFlag'> = {},
): Promise<Dataset> {
  const bytes = stagingBytesPerWorker({
    inputs: model.inputs,
    noise: model.noise,
    microBatch: plan.microBatch,
  });
  const loaded = await data.load(part, {
    ...how,
    stagingBytes: bytes * config.workers,
    order,
    seed: config.seed,
    stepRows: plan.batchSize,
  });
  if (model.support) checkValues(loaded, model.support);
  return loaded;
}

export function updateRule({ config, update, totalSteps }: PreparedJob): UpdateRule {
  return {
    groups: update.groups,
    schedule: config.schedule,
    totalSteps,
    ...(config.clipNorm !== undefined && { clipNorm: config.clipNorm }),
    ...(config.ema && { ema: config.ema }),
  };
}

export function arenaSpec({ config, model, plan, update }: PreparedJob): ArenaSpec {
  return {
    parameters: update.tensors,
    slots: plan.slots,
    metrics: [model, ...(model.phases ?? [])].map(({ metrics }) => 1 + metrics.length),
    moments: mostMoments(update.groups),
    ema: config.ema !== undefined,
    workers: config.workers,
    clip: config.clipNorm !== undefined,
    scratch: plan.microBatches > plan.slots,
  };
}

/** What is the same in every worker's job. */
export function commonWorkerJob({
  config,
  example,
  model,
  plan,
}: Job): Pick<WorkerJob, 'cut' | 'seed' | 'modelInputs' | 'model'> {
  const { batchSize, microBatch, slots } = plan;
  const cut: BatchCut = { batchSize, microBatch, slots };
  const { inputs, noise } = model;
  return {
    cut,
    seed: config.seed,
    modelInputs: { inputs, noise },
    model: { reference: config.model, example },
  };
}
