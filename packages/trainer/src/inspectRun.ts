/** What is in a run folder or checkpoint, without running anything. */
import { readFileSync } from 'node:fs';
import type { EpochEvent, RunEvent } from '@lockstep/protocol';
import type { ResolvedConfig } from './config/resolvedConfig.ts';
import { readRun } from './openRun.ts';
import { listCheckpoints } from './run/checkpointFolder.ts';
import { elementCount } from './run/namedTensor.ts';
import { runFolderAt } from './run/runFolder.ts';
import { weightsSha256 } from './run/weightsSha256.ts';

export interface RunSummary {
  /** Path of the checkpoint that was read. */
  readonly checkpoint: string;
  readonly model: string;
  readonly step: number;
  readonly examplesSeen: number;
  readonly config: ResolvedConfig;
  readonly parameters: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly count: number;
  }[];
  readonly weightsSha256: string;
  /** All checkpoint files of the run. */
  readonly checkpoints: readonly string[];
  /** The last finished epoch, where there is one. */
  readonly lastEpoch?: EpochEvent;
}

/**
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError
 */
export async function inspectRun(run: string): Promise<RunSummary> {
  const { path, checkpoint } = await readRun(run);
  const folder = runFolderAt(run);
  const lastEpoch = readLastEpoch(folder.metrics);
  return {
    checkpoint: path,
    model: checkpoint.model,
    step: checkpoint.step,
    examplesSeen: checkpoint.examplesSeen,
    config: checkpoint.config,
    parameters: checkpoint.parameters.map(({ name, shape }) => ({
      name,
      shape,
      count: elementCount(shape),
    })),
    weightsSha256: weightsSha256(checkpoint.parameters),
    checkpoints: await listCheckpoints(folder.checkpoints),
    ...(lastEpoch && { lastEpoch }),
  };
}

function readLastEpoch(path: string): EpochEvent | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined; // A lone checkpoint file has no log beside it.
  }
  const events = text
    .split('\n')
    .filter((line) => line.startsWith('{"event":"epoch"') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as RunEvent);
  return events.findLast((event) => event.event === 'epoch');
}
