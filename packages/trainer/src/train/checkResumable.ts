import { isDeepStrictEqual } from 'node:util';
import { modelTensors } from '@lockstep/core';
import { CheckpointError, RunError } from '../errors.ts';
import { dataSummary, type PreparedJob } from '../job.ts';
import type { Checkpoint, DataSummary } from '../run/checkpoint.ts';
import { isOver } from './earlyStopping.ts';
import type { FitState } from './fit.ts';
import { checkModelMatch } from '../run/checkModelMatch.ts';

/**
 * The job that a checkpoint is to go on with has the data and the model it was written with, as far as
 * can be seen without reading all of the data, and steps left to make.
 */
export function checkResumable(checkpoint: Checkpoint, job: PreparedJob, run: string): void {
  const data = dataSummary(job);
  if (!isDeepStrictEqual(checkpoint.data, data)) throw otherData(checkpoint.data, data, job);
  if (checkpoint.model !== job.model.name) throw otherModel(checkpoint.model, job.model.name, run);
  checkModelMatch(checkpoint.parameters, modelTensors(job.model), run);
  checkNotStopped(checkpoint, job, run);
  if (checkpoint.step < job.totalSteps) return;
  throw new RunError({
    code: 'RUN_COMPLETE',
    where: run,
    expected: `a run with steps left of ${job.totalSteps}`,
    got: `one that has finished ${checkpoint.step}`,
    fix: 'Ask for more with --epochs or --steps.',
  });
}

function checkNotStopped(
  { state }: Checkpoint,
  { config, watched }: PreparedJob,
  run: string,
): void {
  const { plateau } = state as unknown as FitState;
  if (!plateau || !isOver(plateau, config.earlyStopping)) return;
  throw new RunError({
    code: 'RUN_COMPLETE',
    where: run,
    expected: `a run whose ${watched} loss was below ${plateau.loss} in the last ${config.earlyStopping?.patience} epochs`,
    got: `one that stopped early, ${plateau.epochs} epochs after that`,
    fix: 'Ask for more patience with --early-stopping.',
  });
}

function otherData(stored: DataSummary, found: DataSummary, { config }: PreparedJob) {
  const show = ({ examples, validationExamples, testExamples, shape }: DataSummary) =>
    `${examples} training${validationExamples === undefined ? '' : `, ${validationExamples} validation`} and ${testExamples} test examples of shape [${shape.join(', ')}]`;
  return new CheckpointError({
    code: 'CHECKPOINT_DATA_MISMATCH',
    where: config.data.source,
    expected: `the data the run was started with: ${show(stored)}`,
    got: show(found),
    fix: 'Put the data back as it was, or start a new run.',
  });
}

function otherModel(stored: string, found: string, where: string): CheckpointError {
  return new CheckpointError({
    code: 'CHECKPOINT_MODEL_MISMATCH',
    where,
    expected: `the model "${stored}", with which the run was started`,
    got: `"${found}"`,
    fix: 'Put the model file back as it was, or start a new run.',
  });
}
