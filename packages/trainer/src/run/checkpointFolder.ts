/**
 * The checkpoints of a run: `step-<step>.safetensors`, of which the newest K are kept, and
 * `best.safetensors`. One process writes; any may read.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError } from '../errors.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { isLeftOver } from './atomicFile.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

const BY_STEP = /^step-(\d+)\.safetensors$/;
const BEST = 'best.safetensors';

/**
 * Writes the checkpoint of its step, then removes all but the newest `keep`. The tensors are copied
 * before the first await, so they may change once the call has returned its promise.
 */
export async function writeCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  keep: number,
): Promise<string> {
  const path = checkpointPath(folder, checkpoint.step);
  await writeFileAtomically(path, encodeCheckpoint(checkpoint));
  await prune(folder, keep);
  return path;
}

/** Writes or replaces the best checkpoint so far; copies like `writeCheckpoint`. */
export async function writeBestCheckpoint(folder: string, checkpoint: Checkpoint): Promise<string> {
  const path = bestCheckpoint(folder);
  await writeFileAtomically(path, encodeCheckpoint(checkpoint));
  return path;
}

/** Path of the best checkpoint, where there is one. */
export function bestCheckpoint(folder: string): string {
  return join(folder, BEST);
}

export async function removeCheckpoint(folder: string, step: number): Promise<void> {
  await rm(checkpointPath(folder, step), { force: true });
}

function checkpointPath(folder: string, step: number): string {
  return join(folder, `step-${String(step).padStart(8, '0')}.safetensors`);
}

/** Path of the checkpoint with the highest step; undefined where there is none. */
export async function newestCheckpoint(folder: string): Promise<string | undefined> {
  const newest = (await checkpointsByStep(folder)).at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}

/** Paths of all checkpoints, oldest first, then the best. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const best = (await namesIn(folder)).filter((name) => name === BEST);
  return [...(await checkpointsByStep(folder)), ...best].map((name) => join(folder, name));
}

export async function readCheckpoint(path: string): Promise<Checkpoint> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!path.endsWith('.safetensors') && bytes[HEADER_AT] !== BRACE) throw noCheckpoint(path, bytes);
  return decodeCheckpoint(bytes, path);
}

/** Where the JSON of a safetensors file begins, after its length. */
const HEADER_AT = 8;
const BRACE = 0x7b;

function noCheckpoint(where: string, bytes: Uint8Array): CheckpointError {
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
  return new CheckpointError({
    code: 'CHECKPOINT_NONE',
    where,
    expected: 'the folder of a run, or one of its checkpoints (checkpoints/step-*.safetensors)',
    got: start.length > 0 ? `another file, which begins with ${start.join(' ')}` : 'an empty file',
    fix: 'Name the folder that the run said it was writing to.',
  });
}

async function prune(folder: string, keep: number): Promise<void> {
  const old = (await checkpointsByStep(folder)).slice(0, -keep);
  const leftOver = (await namesIn(folder)).filter(isLeftOver);
  for (const name of [...old, ...leftOver]) await rm(join(folder, name), { force: true });
}

/** File names, lowest step first. */
async function checkpointsByStep(folder: string): Promise<string[]> {
  const step = (name: string) => Number(BY_STEP.exec(name)?.[1]);
  return (await namesIn(folder))
    .filter((name) => BY_STEP.test(name))
    .sort((a, b) => step(a) - step(b));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw unreadable(folder, error);
  }
}

function unreadable(where: string, cause: unknown): CheckpointError {
  return new CheckpointError(
    {
      code: 'CHECKPOINT_UNREADABLE',
      where,
      expected: 'a checkpoint file (step-*.safetensors)',
      got: cause instanceof Error ? cause.message : String(cause),
      fix: 'Correct the path, or its permissions.',
    },
    { cause },
  );
}
