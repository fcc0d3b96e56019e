/** One training run, from a configuration to a run folder. */
import { learningRate, type CoordinatorChannel } from '@lockstep/collective';
import type { Dataset, DataSource } from '@lockstep/data';
import type { DoneEvent, InterruptedEvent, RunEvent } from '@lockstep/protocol';
import { prepareJob, trainingMetrics, type Job } from './job.ts';
import type { ResolvedConfig } from './config/resolvedConfig.ts';
import { readLatestCheckpoint } from './run/latestCheckpoint.ts';
import { lockRun } from './run/lockRun.ts';
import { checkResumable } from './train/checkResumable.ts';
import {
  checkNoRun,
  createDefaultRunFolder,
  createRunFolder,
  reopenRunFolder,
  type NewRunFolder,
  type RunFolder,
} from './run/runFolder.ts';
import { readTensors } from './train/arenaTensors.ts';
import { CheckpointWriter } from './train/checkpointWriter.ts';
import { EpochPictures } from './train/epochPictures.ts';
import { fit, type FitState, type Verdict } from './train/fit.ts';
import { Recorder } from './train/recorder.ts';
import { endEvent, startEvent } from './train/runEvents.ts';
import { largeModelNotice } from './train/largeModel.ts';
import { openSession } from './train/session.ts';
import { WorkerPool } from './workerPool.ts';

export interface TrainOptions {
  /** The module that worker threads load; it exports `runWorker`. */
  readonly workerEntry: URL;
  onEvent(event: RunEvent): void;
  /** Something to know before the run starts, in a sentence; it is no part of the run's record. */
  onNotice?(notice: string): void;
  /** Told, before the first event, of examples that are written to a temporary file because they are streamed. */
  onSpool?(done: number, count: number): void;
  /**
   * Finishes the step in progress, writes a checkpoint and ends the run. While streamed data is written to a
   * temporary file, before the first step, its reason is thrown instead.
   */
  readonly signal: AbortSignal;
  /** Folder of a run to continue. */
  readonly resume?: string;
}

/**
 * Trains; resolves with the event that ended the run.
 * @throws ConfigError, DataError, ModelError, EngineError, RunError, CheckpointError: each says
 * where, what was expected, what came, and how to mend it. Bad input leaves nothing behind.
 */
export async function train(
  config: ResolvedConfig,
  options: TrainOptions,
): Promise<DoneEvent | InterruptedEvent> {
  const pool = new WorkerPool(options.workerEntry, config.workers);
  let unlock: (() => Promise<void>) | undefined;
  let data: DataSource | undefined;
  try {
    const checkpoint =
      options.resume === undefined
        ? undefined
        : (await readLatestCheckpoint(options.resume)).checkpoint;
    if (!checkpoint && config.out !== undefined) checkNoRun(config.out);
    const spooling = {
      signal: options.signal,
      onSpool: (done: number, count: number) => options.onSpool?.(done, count),
    };
    const prepared = await prepareJob(config, undefined, spooling);
    ({ data } = prepared);
    if (checkpoint) checkResumable(checkpoint, prepared, options.resume ?? '');
    const notice = largeModelNotice(prepared);
    if (notice !== undefined) options.onNotice?.(notice);

    const session = await openSession(prepared, pool, { checkpoint, ...spooling });
    const { job, coordinator, watched } = session;
    const created = options.resume === undefined ? await newRunFolder(job.config) : undefined;
    const folder = created ?? (await reopenRunFolder(options.resume ?? ''));
    unlock = await lockRun(folder.path);
    const recorder = new Recorder(folder, options.onEvent, checkpoint?.step);
    try {
      recorder.record(startEvent(session, folder));
      session.startWorkers();
      const result = await fit({
        channel: coordinator,
        schedule: {
          stepsPerEpoch: job.plan.stepsPerEpoch,
          totalSteps: job.totalSteps,
          checkpointEverySteps: config.checkpoint.everySteps,
        },
        metrics: trainingMetrics(job.model),
        evaluation: {
          rounds: job.evaluationRounds,
          metrics: job.model.metrics,
          ...(job.watched === 'validation' && { part: job.watched }),
        },
        ...(checkpoint && { from: checkpoint.state as unknown as FitState }),
        earlyStopping: config.earlyStopping,
        learningRate: (step) =>
          learningRate(config.schedule, config.learningRate, step, job.totalSteps),
        ...trainingHooks(job, { coordinator, folder, recorder, watched }),
        signal: options.signal,
      }).finally(() => coordinator.stop());
      const workers = await pool.finish();
      recorder.record({ event: 'profile', steps: result.step, workers });
      const end = endEvent(job, coordinator, result, folder);
      recorder.record(end);
      return end;
    } catch (error) {
      // What fails before its first step leaves nothing behind.
      if (coordinator.step === 0) await created?.remove();
      throw error;
    } finally {
      recorder.close();
    }
  } finally {
    await pool.destroy();
    await data?.close();
    await unlock?.();
  }
}

function newRunFolder(config: ResolvedConfig): Promise<NewRunFolder> {
  return config.out === undefined
    ? createDefaultRunFolder(config, new Date())
    : createRunFolder(config.out, config);
}

/** What the loop does between steps, on this run's folder. */
function trainingHooks(
  job: Job,
  run: {
    readonly coordinator: CoordinatorChannel;
    readonly folder: RunFolder;
    readonly recorder: Recorder;
    readonly watched: Dataset;
  },
): {
  onEvent(event: RunEvent): void;
  saveCheckpoint(state: FitState, verdict: Verdict): Promise<void>;
  discardCheckpoint(step: number | undefined): Promise<string | undefined>;
  drawPictures(epoch: number): Promise<void>;
} {
  const { coordinator, folder, recorder } = run;
  const onEvent = (event: RunEvent): void => recorder.record(event);
  const tensors = (): ReturnType<typeof readTensors> =>
    readTensors(coordinator.arena, coordinator.step, job.update.groups);
  const checkpoints = new CheckpointWriter(job, folder, onEvent);
  const pictures = new EpochPictures(job, run);
  return {
    onEvent,
    saveCheckpoint: (state, verdict) =>
      checkpoints.write({ step: coordinator.step, state, ...verdict, ...tensors() }),
    discardCheckpoint: (step) => checkpoints.discard(step),
    drawPictures: (epoch) => {
      const { ema, parameters } = tensors();
      return pictures.draw(epoch, coordinator.step, ema ?? parameters);
    },
  };
}
