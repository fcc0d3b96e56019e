import type * as trainer from '@lockstep/trainer';

/** What the command uses of the trainer. */
export type Trainer = Pick<
  typeof trainer,
  | 'anomalyFitRun'
  | 'anomalyScoreRun'
  | 'classifyRun'
  | 'denoiseRun'
  | 'embedRun'
  | 'evaluateRun'
  | 'exportRun'
  | 'findLearningRate'
  | 'generateRun'
  | 'importRun'
  | 'inpaintRun'
  | 'inspectRun'
  | 'interpolateRun'
  | 'InputError'
  | 'listPresets'
  | 'openService'
  | 'recommendRun'
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
