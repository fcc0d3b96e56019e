/** A run as its commands see it: a run folder, or one of its checkpoint files. */
import { statSync } from 'node:fs';
import { createEngine, type Engine } from '@lockstep/engine';
import type { Model } from '@lockstep/core';
import { loadModel } from './config/modelReference.ts';
import { exampleInfo } from './job.ts';
import { openData, type DataSource } from '@lockstep/data';
import { checkModelMatch } from './run/checkModelMatch.ts';
import type { Checkpoint } from './run/checkpoint.ts';
import { latestCheckpoint, readCheckpoint } from './run/checkpointFolder.ts';
import { runFolderAt } from './run/runFolder.ts';

export interface StoredRun {
  /** Path of the checkpoint. */
  readonly path: string;
  readonly checkpoint: Checkpoint;
}

export interface OpenRun extends StoredRun {
  readonly data: DataSource;
  readonly model: Model;
  readonly engine: Engine;
}

/**
 * Reads the latest checkpoint of a run folder, or the file itself.
 * @throws CheckpointError
 */
export async function readRun(run: string): Promise<StoredRun> {
  const isFile = statSync(run, { throwIfNoEntry: false })?.isFile() ?? false;
  const path = isFile ? run : await latestCheckpoint(runFolderAt(run).checkpoints);
  return { path, checkpoint: await readCheckpoint(path) };
}

/**
 * Reads a run and makes its model again.
 * @throws CheckpointError, DataError, ModelError, ConfigError
 */
export async function openRun(run: string): Promise<OpenRun> {
  const { path, checkpoint } = await readRun(run);
  const { config } = checkpoint;
  const data = await openData(config.data.source, config.data);
  const model = await loadModel(config.model, exampleInfo(data));
  checkModelMatch(checkpoint.parameters, model.parameters, path);
  return { path, checkpoint, data, model, engine: await createEngine(config.engine) };
}
