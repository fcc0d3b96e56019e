/**
 * The job: data, model, plan and compiled functions, made from a configuration. All that can be
 * wrong with the input is found here, before anything is written or any memory allocated.
 */
import type { ArenaSpec, UpdateRule } from '@lockstep/collective';
import { momentNames } from '@lockstep/collective';
import type { ExampleInfo, Model } from '@lockstep/core';
import {
  checkInputs,
  openData,
  stagingBytesPerWorker,
  type Dataset,
  type DataSource,
} from '@lockstep/data';
import {
  createEngine,
  gradientFunction,
  lossFunction,
  type CompiledFunction,
  type Engine,
} from '@lockstep/engine';
import { planSteps, type StepPlan } from './config/microBatches.ts';
import { loadModel } from './config/modelReference.ts';
import type { ResolvedConfig } from './config/resolvedConfig.ts';
import type { BatchCut, WorkerJob } from './worker/job.ts';

export interface Job {
  readonly config: ResolvedConfig;
  readonly data: DataSource;
  readonly example: ExampleInfo;
  readonly model: Model;
  readonly engine: Engine;
  readonly plan: StepPlan;
  readonly totalSteps: number;
  /** Global batches that cover the test data. */
  readonly evaluationRounds: number;
}

export async function prepareJob(config: ResolvedConfig): Promise<Job> {
  const data = await openData(config.data.source, config.data);
  const example = exampleInfo(data);
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
    engine: await createEngine(config.engine),
    plan,
    totalSteps: config.steps ?? (config.epochs ?? 0) * plan.stepsPerEpoch,
    evaluationRounds: Math.ceil(data.test.count / config.batchSize),
  };
}

/** What a model is told of the data. */
export function exampleInfo({ train: { shape, classes } }: DataSource): ExampleInfo {
  return classes === undefined ? { shape } : { shape, classes };
}

/** Traces and lowers loss and gradients; finds what is wrong with the model's code. */
export async function compileJob({
  engine,
  model,
  plan,
}: Job): Promise<{ readonly gradients: CompiledFunction; readonly losses: CompiledFunction }> {
  return {
    gradients: await engine.compile(gradientFunction(model, plan.microBatch)),
    losses: await engine.compile(lossFunction(model, plan.microBatch)),
  };
}

export function loadPart(
  { config, data, model, plan }: Job,
  part: 'train' | 'test',
): Promise<Dataset> {
  const bytes = stagingBytesPerWorker({
    inputs: model.inputs,
    noise: model.noise,
    microBatch: plan.microBatch,
  });
  return data.load(part, { stagingBytes: bytes * config.workers });
}

export function updateRule({ config, totalSteps }: Job): UpdateRule {
  return {
    optimizer: config.optimizer,
    schedule: config.schedule,
    learningRate: config.learningRate,
    totalSteps,
    ...(config.clipNorm !== undefined && { clipNorm: config.clipNorm }),
  };
}

export function arenaSpec({ config, model, plan }: Job): ArenaSpec {
  return {
    parameters: model.parameters,
    slots: plan.slots,
    metrics: 1 + model.metrics.length,
    moments: momentNames(config.optimizer).length,
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
