/**
 * All that training needs before its first step: the arena with its first parameters, engines, data and
 * compiled functions. What is done with the steps is the caller's.
 */
import { createChannel, type CoordinatorChannel } from '@lockstep/collective';
import { initializeParameters, modelTensors } from '@lockstep/core';
import type { Dataset, SpoolOptions } from '@lockstep/data';
import { channelCodec } from '../channelCodec.ts';
import {
  arenaSpec,
  commonWorkerJob,
  compiledFor,
  compileJob,
  loadPart,
  startEngines,
  updateRule,
  type Job,
  type PreparedJob,
} from '../job.ts';
import { scalarTable } from '../plan/scalarTable.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { WorkerPool } from '../workerPool.ts';
import { writeTensors } from './arenaTensors.ts';

export interface Session {
  readonly job: Job;
  readonly coordinator: CoordinatorChannel;
  readonly trained: Dataset;
  /** What each epoch is evaluated on. */
  readonly watched: Dataset;
  startWorkers(): void;
}

export interface SessionOptions extends SpoolOptions {
  /** Where to go on; else training starts from the model's initial parameters. */
  readonly checkpoint?: Checkpoint | undefined;
}

export async function openSession(
  prepared: PreparedJob,
  pool: WorkerPool,
  { checkpoint, ...spooling }: SessionOptions = {},
): Promise<Session> {
  const { channel } = prepared.config;
  const rule = updateRule(prepared);
  const scalars = scalarTable(prepared.model, prepared.totalSteps);
  const { coordinator, links } = createChannel(channel, arenaSpec(prepared), rule, {
    codec: channelCodec,
    failure: pool.failure,
  });
  placeParameters(coordinator, prepared, checkpoint);
  const job = await startEngines(prepared);
  // Decoding runs in other threads while the model is traced in this one.
  const how = { ...spooling, stepFlag: '--batch-size' };
  const [trained, watched, compiled] = await Promise.all([
    loadPart(job, 'train', 'shuffled', how),
    loadPart(job, job.watched, 'sequential', how),
    compileJob(job),
  ]);
  const startWorkers = (): void =>
    pool.start(
      links.map((link, worker) => {
        const { gradients, losses } = compiledFor(compiled, job.config, worker);
        return {
          ...commonWorkerJob(job),
          worker,
          link,
          training: { data: trained, gradients, rule, scalars },
          evaluation: { data: watched, losses },
        };
      }),
    );
  return { job, coordinator, trained, watched, startWorkers };
}

function placeParameters(
  coordinator: CoordinatorChannel,
  { model, config, update }: PreparedJob,
  checkpoint: Checkpoint | undefined,
): void {
  coordinator.step = checkpoint?.step ?? 0;
  const initial = (): { parameters: Checkpoint['parameters']; moments: Checkpoint['moments'] } => {
    const specs = modelTensors(model);
    const values = initializeParameters(specs, config.seed);
    const parameters = specs.map(({ name, shape }) => {
      const data = values[name];
      if (!data) throw new Error(`no initial value for ${name}`);
      return { name, shape, data };
    });
    return { parameters, moments: {} };
  };
  writeTensors(coordinator.arena, coordinator.step, checkpoint ?? initial(), update.groups);
}
