import type * as trainer from '@lockstep/trainer';

/** What the command uses of the trainer. */
export type Trainer = Pick<
  typeof trainer,
  | 'anomalyFitRun'
  | 'anomalyScoreRun'
  | 'classifyRun'
  | 'embedRun'
  | 'evaluateRun'
  | 'exportRun'
  | 'findLearningRate'
  | 'generateRun'
  | 'importRun'
  | 'inspectRun'
  | 'interpolateRun'
  | 'InputError'
  | 'listPresets'
  | 'openService'
  | 'reconstructRun'
  | 'resolveTrainConfig'
  | 'sampleRun'
  | 'train'
  | 'traverseRun'
>;

/** What worker threads load. */
export function workerEntry(): URL {
  return new URL(import.meta.resolve('@lockstep/gpu-worker'));
}
