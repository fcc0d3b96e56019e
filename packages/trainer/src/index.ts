export { ConfigError, CheckpointError, RunError, TrainerError } from './errors.ts';
export { reconstructRun, sampleRun } from './drawRun.ts';
export type { DrawOptions, DrawResult } from './drawRun.ts';
export { evaluateRun } from './evaluateRun.ts';
export type { EvaluateOptions, EvaluateResult } from './evaluateRun.ts';
export { inspectRun } from './inspectRun.ts';
export type { RunSummary } from './inspectRun.ts';
export { train } from './train.ts';
export type { TrainOptions } from './train.ts';
