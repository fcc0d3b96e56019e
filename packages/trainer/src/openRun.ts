/** A run as its commands see it: a run folder, or one of its checkpoint files. */
import { statSync } from 'node:fs';
import { modelTensors, type ExampleInfo, type Model } from '@lockstep/core';
import { loadModel } from './config/modelReference.ts';
import type { ResolvedData } from './config/resolvedConfig.ts';
import { exampleInfo } from './job.ts';
import { evaluatedParameters } from './run/checkpoint.ts';
import { checkModelMatch } from './run/checkModelMatch.ts';
import { readCheckpoint } from './run/checkpointFolder.ts';
import type { NamedTensor } from './run/namedTensor.ts';
import { readLatestCheckpoint, type StoredCheckpoint } from './run/latestCheckpoint.ts';

/** A model with its parameters, for what needs neither data nor an engine. */
export interface StoredModel extends StoredCheckpoint {
  /** Those that the model is evaluated with. */
  readonly parameters: readonly NamedTensor[];
  readonly model: Model;
  readonly example: ExampleInfo;
}

/**
 * Reads the latest checkpoint of a run folder, or the file itself.
 * @throws CheckpointError
 */
export async function readRun(run: string): Promise<StoredCheckpoint> {
  const isFile = statSync(run, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!isFile) return readLatestCheckpoint(run);
  return { path: run, checkpoint: await readCheckpoint(run) };
}

/** All labels, and each example once: for whoever looks at what came of training. */
export function withAllLabels({
  labels: _hidden,
  labelledShare: _share,
  ...data
}: ResolvedData): ResolvedData {
  return data;
}

/**
 * Reads a run and makes its model again, which needs no data.
 * @throws CheckpointError, ModelError, ConfigError
 */
export async function openModel(run: string): Promise<StoredModel> {
  const { path, checkpoint } = await readRun(run);
  const { config, data } = checkpoint;
  const example = exampleInfo(data);
  const model = await loadModel(config.model, example);
  checkModelMatch(checkpoint.parameters, modelTensors(model), path);
  return { path, checkpoint, parameters: evaluatedParameters(checkpoint), model, example };
}
