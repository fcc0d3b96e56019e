/** A run as its commands see it: a run folder, or one of its checkpoint files. */
import { statSync } from 'node:fs';
import type { Engine } from '@lockstep/engine';
import { modelTensors, type ExampleInfo, type Model } from '@lockstep/core';
import { withEvaluationEngine } from './config/evaluationEngine.ts';
import { loadModel } from './config/modelReference.ts';
import type { ResolvedData } from './config/resolvedConfig.ts';
import { engineNamed } from './engines.ts';
import { exampleInfo } from './job.ts';
import { openData, type DataSource } from '@lockstep/data';
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

export interface OpenRun extends StoredCheckpoint {
  /** Those that the model is evaluated with. */
  readonly parameters: readonly NamedTensor[];
  readonly data: DataSource;
  readonly model: Model;
  readonly engine: Engine;
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

/** Hidden from training, labels are there for whoever looks at what came of it. */
export function withAllLabels({ labels: _hidden, ...data }: ResolvedData): ResolvedData {
  return data;
}

/**
 * Reads a run and makes its model again.
 * @param asked the engine; the one that trained it by default
 * @throws CheckpointError, DataError, ModelError, ConfigError
 */
export async function openRun(run: string, asked?: string): Promise<OpenRun> {
  const { path, checkpoint } = await readRun(run);
  const choice = asked === undefined ? {} : { engine: asked };
  const config = await withEvaluationEngine(checkpoint.config, choice);
  const { format } = checkpoint.data;
  const data = await openData(config.data.source, withAllLabels(config.data), format);
  const model = await loadModel(config.model, exampleInfo(checkpoint.data));
  checkModelMatch(checkpoint.parameters, modelTensors(model), path);
  const engine = await engineNamed(config.engine, config);
  const parameters = evaluatedParameters(checkpoint);
  return { path, checkpoint, parameters, data, model, engine };
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
