/** The events a run begins and ends with. */
import type { CoordinatorChannel } from '@lockstep/collective';
import type { WindowPlan } from '@lockstep/data';
import type { DoneEvent, InterruptedEvent, StartEvent, StreamedData } from '@lockstep/protocol';
import { enginesOf } from '../config/resolveEngines.ts';
import type { Job } from '../job.ts';
import { elementCount } from '../run/namedTensor.ts';
import type { RunFolder } from '../run/runFolder.ts';
import { bestCheckpoint } from '../run/checkpointFolder.ts';
import { weightsSha256 } from '../run/weightsSha256.ts';
import { dataNotes } from './dataNotes.ts';
import { readTensors } from './arenaTensors.ts';
import type { FitResult } from './fit.ts';
import { examplesSeen } from './position.ts';
import type { Session } from './session.ts';

export function startEvent(
  { job, coordinator, trained }: Pick<Session, 'job' | 'coordinator' | 'trained'>,
  folder: RunFolder,
): StartEvent {
  const { config, data, model, plan } = job;
  const notes = dataNotes(data, trained);
  return {
    event: 'start',
    model: model.name,
    engine: enginesOf(config).join(' + '),
    ...(config.xla !== undefined && { xla: config.xla }),
    ...(config.engineVersions !== undefined && { engineVersions: config.engineVersions }),
    ...(config.engineReason !== undefined && { engineReason: config.engineReason }),
    channel: config.channel,
    workers: config.workers,
    parameters: model.parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0),
    dataKind: data.train.format.kind,
    ...(notes.length > 0 && { dataNotes: notes }),
    ...(trained.windows && { streamed: streamedData(trained.windows.plan) }),
    examples: data.train.count,
    ...(data.validation && { validationExamples: data.validation.count }),
    testExamples: data.test.count,
    batchSize: plan.batchSize,
    microBatch: plan.microBatch,
    slots: plan.slots,
    stepsPerEpoch: plan.stepsPerEpoch,
    step: coordinator.step,
    totalSteps: job.totalSteps,
    out: folder.path,
  };
}

function streamedData({ windows, windowRows, blockRows }: WindowPlan): StreamedData {
  return { windows, windowExamples: windowRows, blockExamples: blockRows };
}

export function endEvent(
  job: Job,
  { arena, step }: CoordinatorChannel,
  result: FitResult,
  folder: RunFolder,
): DoneEvent | InterruptedEvent {
  const out = folder.path;
  if (result.interrupted || !result.test) {
    return { event: 'interrupted', step, checkpoint: folder.checkpoints, out };
  }
  const { reconstruction, kl } = result.test.metrics;
  const { best } = result;
  const { stepsPerEpoch } = job.plan;
  return {
    event: 'done',
    steps: step,
    examples: examplesSeen(step, job.plan),
    epochs: step / stepsPerEpoch,
    ...(result.stoppedEarly && { stoppedEarly: job.config.earlyStopping }),
    trainLoss: result.trainLoss,
    ...(job.watched === 'validation' && { part: job.watched }),
    testLoss: result.test.loss,
    ...(reconstruction !== undefined && { testRecon: reconstruction }),
    ...(kl !== undefined && { testKl: kl }),
    ...(best && {
      best: {
        epoch: best.step / stepsPerEpoch,
        testLoss: best.loss,
        checkpoint: bestCheckpoint(folder.checkpoints),
      },
    }),
    ...(result.examplesPerSec !== undefined && { examplesPerSec: result.examplesPerSec }),
    workers: job.config.workers,
    weightsSha256: weightsSha256(readTensors(arena, step, []).parameters),
    out,
  };
}
