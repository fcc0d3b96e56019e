/** The newest checkpoint of a run folder: it must be of the run that the folder's config.json is of. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { describeModel } from '../config/modelReference.ts';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { CheckpointError } from '../errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { bestCheckpoint, newestCheckpoint, readCheckpoint } from './checkpointFolder.ts';
import { runFolderAt, type RunFolder } from './runFolder.ts';

export interface StoredCheckpoint {
  readonly path: string;
  readonly checkpoint: Checkpoint;
}

/** @throws CheckpointError */
export async function readLatestCheckpoint(run: string): Promise<StoredCheckpoint> {
  const folder = runFolderAt(run);
  const path = await newestCheckpoint(folder.checkpoints);
  if (path === undefined) throw noCheckpoint(folder);
  const checkpoint = await readCheckpoint(path);
  if (existsSync(folder.config)) {
    checkSameRun(checkpoint.config, await readConfig(folder.config), path);
  }
  return { path, checkpoint };
}

async function readConfig(path: string): Promise<Partial<ResolvedConfig>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Partial<ResolvedConfig>;
  } catch (error) {
    throw new CheckpointError(
      {
        code: 'RUN_CONFIG_CORRUPT',
        where: path,
        expected: 'the configuration of the run, as JSON',
        got: error instanceof Error ? error.message : String(error),
        fix: 'Restore the file from a copy; or name one of the checkpoint files, which hold it too.',
      },
      { cause: error },
    );
  }
}

/** A run keeps its model; a checkpoint with another was put here from elsewhere. */
function checkSameRun(
  stored: ResolvedConfig,
  folder: Partial<ResolvedConfig>,
  where: string,
): void {
  if (isDeepStrictEqual(stored.model, folder.model)) return;
  throw new CheckpointError({
    code: 'CHECKPOINT_MODEL_MISMATCH',
    where,
    expected: `a checkpoint of the model in config.json, ${describeModel(folder.model)}`,
    got: `one of ${describeModel(stored.model)}`,
    fix: 'Take it out of this folder: it belongs to another run.',
  });
}

function noCheckpoint(folder: RunFolder): CheckpointError {
  const { path } = folder;
  const missing = !existsSync(path);
  const holdsRun = existsSync(folder.config);
  const best = bestCheckpoint(folder.checkpoints);
  return new CheckpointError({
    code: 'CHECKPOINT_NONE',
    where: path,
    expected: 'the folder of a run that has written a checkpoint',
    got: missing ? 'no such folder' : holdsRun ? 'a run without one' : 'a folder without a run',
    fix: existsSync(best)
      ? `There is ${best}: name that file to evaluate it or draw from it.`
      : holdsRun
        ? 'The run was stopped before its first checkpoint: delete the folder and start it again.'
        : 'Name the folder that the run said it was writing to (it holds config.json and checkpoints/).',
  });
}
