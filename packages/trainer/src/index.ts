export type { ConfigFlags } from './config/loadConfig.ts';
export { resolveTrainConfig } from './config/resolveTrainConfig.ts';
export type { TrainConfigSources } from './config/resolveTrainConfig.ts';
export type { ResolvedConfig } from './config/resolvedConfig.ts';
export { defineConfig } from './config/trainConfig.ts';
export type {
  EngineName,
  OptimizerSetting,
  ScheduleSetting,
  TrainConfig,
} from './config/trainConfig.ts';
export { CheckpointError, ConfigError, ExchangeError, RunError, TrainerError } from './errors.ts';
export { evaluateRun } from './evaluateRun.ts';
export type { EvaluateOptions, EvaluateResult } from './evaluateRun.ts';
export type { EvaluationEvent, EvaluationProgress, SlowComparison } from './evaluate/progress.ts';
export { EXPORT_FORMATS } from './exchange/exportedModel.ts';
export { exportRun } from './exchange/exportRun.ts';
export type {
  ExportedFile,
  ExportFormat,
  ExportOptions,
  ExportResult,
} from './exchange/exportedModel.ts';
export { importRun } from './exchange/importRun.ts';
export type { ImportOptions, ImportResult } from './exchange/importRun.ts';
export { findLearningRate } from './findLearningRate.ts';
export type { SweepOptions, SweepResult, WrittenSweep } from './findLearningRate.ts';
export { inspectRun } from './inspectRun.ts';
export type { RunSummary } from './inspectRun.ts';
export type { SweepPoint } from './learningRates/sweepCurve.ts';
export { listPresets } from './presetList.ts';
export type { PresetSummary } from './presetList.ts';
export { train } from './train.ts';
export type { TrainOptions } from './train.ts';
export { openTrained } from './uses/openTrained.ts';
export type { Notice, Noticed } from './uses/notices.ts';
export type { TrainedModel, UseData } from './uses/openTrained.ts';
export type { UseOptions } from './uses/useOptions.ts';
export { classifyRun } from './uses/classify.ts';
export type { ClassifyResult } from './uses/classify.ts';
export { CLASSIFY_INPUTS, CLASSIFY_METHODS } from './uses/classifyOptions.ts';
export type { ClassifyMethod, ClassifyOptions } from './uses/classifyOptions.ts';
export { embedRun } from './uses/embed.ts';
export type { EmbedOptions, EmbedResult } from './uses/embed.ts';
export type { EmbeddedFile } from './uses/latentsTable.ts';
export { PROJECTIONS } from './projection/projectToPlane.ts';
export type { Projection } from './projection/projectToPlane.ts';
export { anomalyFitRun } from './uses/anomaly/fitAnomaly.ts';
export type { AnomalyFitOptions, AnomalyFitResult } from './uses/anomaly/fitAnomaly.ts';
export { anomalyScoreRun } from './uses/anomaly/scoreAnomaly.ts';
export type { AnomalyScoreOptions, AnomalyScoreResult } from './uses/anomaly/scoreAnomaly.ts';
export type { AnomalyMeasures } from './uses/anomaly/anomalyMeasures.ts';
export { generateRun } from './uses/generate.ts';
export type { GenerateOptions, GenerateResult } from './uses/generate.ts';
export { interpolateRun } from './uses/interpolate.ts';
export type { InterpolateOptions, PathKind } from './uses/interpolate.ts';
export { reconstructRun } from './uses/reconstruct.ts';
export type { ReconstructOptions } from './uses/reconstruct.ts';
export { sampleRun } from './uses/sample.ts';
export type { ExamplesResult, SampleOptions } from './uses/sample.ts';
export { traverseRun } from './uses/traverse.ts';
export type { TraverseOptions, TraverseResult } from './uses/traverse.ts';
export { InputError } from './uses/serve/inputError.ts';
export { openService } from './uses/serve/modelService.ts';
export type {
  ModelService,
  ServiceFunction,
  ServiceOptions,
  ServiceRequest,
  ServiceUse,
} from './uses/serve/modelService.ts';
export type { JsonSchema } from './uses/serve/valueCodec.ts';
export { denoiseRun } from './uses/restoring/denoise.ts';
export type { DenoiseOptions, DenoisePsnr, DenoiseResult } from './uses/restoring/denoise.ts';
export { inpaintRun } from './uses/restoring/inpaint.ts';
export type { InpaintOptions } from './uses/restoring/inpaintOptions.ts';
export type { InpaintPsnr, PictureInpaintResult } from './uses/restoring/completePictures.ts';
export type { InpaintResult } from './uses/restoring/inpaint.ts';
export type { TableInpaintResult } from './uses/restoring/fillTable.ts';
export type { FilledFile } from './uses/restoring/filledTable.ts';
export type { HiddenMeasures } from './uses/restoring/hiddenCells.ts';
export { recommendRun } from './uses/recommend.ts';
export type { Ranking, RankingMeasures } from './evaluate/ranking.ts';
export type { RecommendResult } from './uses/recommend.ts';
export type { RecommendOptions } from './uses/recommendOptions.ts';
