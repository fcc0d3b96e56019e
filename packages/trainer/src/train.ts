/** One training run, from a configuration to a run folder. */
import {
  createChannel,
  learningRate,
  momentNames,
  type CoordinatorChannel,
} from '@lockstep/collective';
import { initializeParameters } from '@lockstep/core';
import type { Dataset } from '@lockstep/data';
import type { DoneEvent, InterruptedEvent, RunEvent } from '@lockstep/protocol';
import { channelCodec } from './channelCodec.ts';
import {
  arenaSpec,
  commonWorkerJob,
  compiledFor,
  compileJob,
  loadPart,
  prepareJob,
  updateRule,
  type Job,
} from './job.ts';
import type { ResolvedConfig } from './config/resolvedConfig.ts';
import { RunError } from './errors.ts';
import type { Checkpoint } from './run/checkpoint.ts';
import { readLatestCheckpoint } from './run/latestCheckpoint.ts';
import { lockRun } from './run/lockRun.ts';
import { checkModelMatch } from './run/checkModelMatch.ts';
import {
  checkNoRun,
  createRunFolder,
  defaultRunPath,
  runFolderAt,
  type RunFolder,
} from './run/runFolder.ts';
import { readTensors, writeTensors } from './train/arenaTensors.ts';
import { CheckpointWriter } from './train/checkpointWriter.ts';
import { EpochPictures } from './train/epochPictures.ts';
import { fit, type FitState } from './train/fit.ts';
import { Recorder } from './train/recorder.ts';
import { endEvent, startEvent } from './train/runEvents.ts';
import { WorkerPool } from './workerPool.ts';

export interface TrainOptions {
  /** The module that worker threads load; it exports `runWorker`. */
  readonly workerEntry: URL;
  onEvent(event: RunEvent): void;
  /** Finishes the step in progress, writes a checkpoint and ends the run. */
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
  try {
    const checkpoint =
      options.resume === undefined
        ? undefined
        : (await readLatestCheckpoint(options.resume)).checkpoint;
    const out = options.resume ?? config.out ?? defaultRunPath(config, new Date());
    if (!checkpoint) checkNoRun(out);
    const job = await prepareJob(config);
    if (checkpoint) checkResumable(checkpoint, job, out);

    const rule = updateRule(job);
    const { coordinator, links } = createChannel(config.channel, arenaSpec(job), rule, {
      codec: channelCodec,
      failure: pool.failure,
    });
    placeParameters(coordinator, job, checkpoint);
    // Decoding runs in other threads while the model is traced in this one.
    const [trainData, testData, compiled] = await Promise.all([
      loadPart(job, 'train'),
      loadPart(job, 'test'),
      compileJob(job),
    ]);

    const created = checkpoint ? undefined : await createRunFolder(out, job.config);
    const folder = created ?? runFolderAt(out);
    unlock = await lockRun(folder.path);
    const recorder = new Recorder(folder, options.onEvent, checkpoint?.step);
    try {
      recorder.record(startEvent(job, coordinator.step, folder));
      pool.start(
        links.map((link, worker) => {
          const { gradients, losses } = compiledFor(compiled, config, worker);
          return {
            ...commonWorkerJob(job),
            worker,
            link,
            training: { data: trainData, gradients, rule },
            evaluation: { data: testData, losses },
          };
        }),
      );
      const result = await fit({
        channel: coordinator,
        schedule: {
          stepsPerEpoch: job.plan.stepsPerEpoch,
          totalSteps: job.totalSteps,
          checkpointEverySteps: config.checkpoint.everySteps,
        },
        evaluation: { rounds: job.evaluationRounds, metrics: job.model.metrics },
        ...(checkpoint && { from: checkpoint.state as unknown as FitState }),
        learningRate: (step) =>
          learningRate(config.schedule, config.learningRate, step, job.totalSteps),
        ...trainingHooks(job, { coordinator, folder, recorder, testData }),
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
    await unlock?.();
  }
}

function checkResumable(checkpoint: Checkpoint, job: Job, out: string): void {
  checkModelMatch(checkpoint.parameters, job.model.parameters, out);
  if (checkpoint.step < job.totalSteps) return;
  throw new RunError({
    code: 'RUN_COMPLETE',
    where: out,
    expected: `a run with steps left of ${job.totalSteps}`,
    got: `one that has finished ${checkpoint.step}`,
    fix: 'Ask for more with --epochs or --steps.',
  });
}

function placeParameters(
  coordinator: CoordinatorChannel,
  { model, config }: Job,
  checkpoint: Checkpoint | undefined,
): void {
  coordinator.step = checkpoint?.step ?? 0;
  const initial = (): { parameters: Checkpoint['parameters']; moments: Checkpoint['moments'] } => {
    const values = initializeParameters(model.parameters, config.seed);
    const parameters = model.parameters.map(({ name, shape }) => {
      const data = values[name];
      if (!data) throw new Error(`no initial value for ${name}`);
      return { name, shape, data };
    });
    return { parameters, moments: {} };
  };
  writeTensors(coordinator.arena, coordinator.step, checkpoint ?? initial());
}

/** What the loop does between steps, on this run's folder. */
function trainingHooks(
  job: Job,
  run: {
    readonly coordinator: CoordinatorChannel;
    readonly folder: RunFolder;
    readonly recorder: Recorder;
    readonly testData: Dataset;
  },
): {
  onEvent(event: RunEvent): void;
  saveCheckpoint(state: FitState, best: boolean): Promise<void>;
  drawPictures(epoch: number): Promise<void>;
} {
  const { coordinator, folder, recorder } = run;
  const onEvent = (event: RunEvent): void => recorder.record(event);
  const tensors = (): ReturnType<typeof readTensors> =>
    readTensors(coordinator.arena, coordinator.step, momentNames(job.config.optimizer));
  const checkpoints = new CheckpointWriter(job, folder, onEvent);
  const pictures = new EpochPictures(job, run);
  return {
    onEvent,
    saveCheckpoint: (state, best) =>
      checkpoints.write({ step: coordinator.step, state, best, ...tensors() }),
    drawPictures: (epoch) => pictures.draw(epoch, coordinator.step, tensors().parameters),
  };
}
