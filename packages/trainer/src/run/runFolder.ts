/**
 * The run folder: all that a run writes.
 *
 *   config.json            the resolved configuration
 *   metrics.jsonl          every event
 *   events.out.tfevents.*  TensorBoard
 *   checkpoints/           step-*.safetensors, best.safetensors
 *   pictures/              <kind>-epoch-<epoch>.png
 *   lock                   while a process writes the run
 */
import { existsSync, readdirSync } from 'node:fs';
import { access, constants, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { RunError } from '../errors.ts';
import { isEventFile } from './tensorboard.ts';
import { makeFolders } from './makeFolders.ts';
import { writeFileAtomically } from './writeFileAtomically.ts';

export interface RunFolder {
  readonly path: string;
  readonly config: string;
  readonly metrics: string;
  readonly checkpoints: string;
  readonly pictures: string;
  /** Path of a picture; the file is the caller's to write. */
  picture(kind: string, epoch: number): string;
}

/** The paths inside a run folder; touches nothing. */
export function runFolderAt(path: string): RunFolder {
  const folder = resolve(path);
  const pictures = join(folder, 'pictures');
  return {
    path: folder,
    config: join(folder, 'config.json'),
    metrics: join(folder, 'metrics.jsonl'),
    checkpoints: join(folder, 'checkpoints'),
    pictures,
    picture: (kind, epoch) => join(pictures, `${kind}-epoch-${String(epoch).padStart(4, '0')}.png`),
  };
}

/** What a checkpoint's run is called: the name of its folder, or of a file that lies in none. */
export function runName(checkpoint: string): string {
  const folder = dirname(resolve(checkpoint));
  return basename(folder) === 'checkpoints'
    ? basename(dirname(folder))
    : basename(checkpoint, extname(checkpoint));
}

function nameOf(model: ResolvedConfig['model']): string {
  switch (model.kind) {
    case 'preset':
      return model.name;
    case 'file':
      return basename(model.path, extname(model.path));
    case 'features':
      return model.kind;
  }
}

/** `runs/<preset or model file>-<UTC timestamp>`, with a number where that is taken. */
export function defaultRunPath(config: ResolvedConfig, now: Date, root = 'runs'): string {
  const { model } = config;
  const name = nameOf(model);
  const time = now
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  const base = join(root, `${name}-${time}`);
  for (let n = 1; ; n++) {
    const path = n === 1 ? base : `${base}-${n}`;
    if (!existsSync(path)) return path;
  }
}

/** Throws where `path` holds a run. Call it early: it touches nothing. */
export function checkNoRun(path: string): void {
  const folder = runFolderAt(path);
  const found = [folder.config, folder.metrics, folder.checkpoints, folder.pictures].find((p) =>
    existsSync(p),
  );
  if (found === undefined) return;
  throw new RunError({
    code: 'RUN_FOLDER_TAKEN',
    where: folder.path,
    expected: 'a folder without a run in it',
    got: `one that holds ${basename(found)}`,
    fix: `${hasCheckpoint(folder) ? `Continue that run with --resume ${path}` : 'It has no checkpoint yet: delete it if it is not running'}, or choose another folder with --out.`,
  });
}

function hasCheckpoint({ checkpoints }: RunFolder): boolean {
  return existsSync(checkpoints) && readdirSync(checkpoints).length > 0;
}

/** A run folder just made. */
export interface NewRunFolder extends RunFolder {
  /** Removes the run again, for one that failed before it had anything worth keeping. */
  remove(): Promise<void>;
}

/** A folder of its own for a run that was given none, also where others begin in the same second. */
export async function createDefaultRunFolder(
  config: ResolvedConfig,
  now: Date,
  root?: string,
): Promise<NewRunFolder> {
  for (;;) {
    const path = defaultRunPath(config, now, root);
    try {
      return await createRunFolder(path, config);
    } catch (error) {
      const taken = error instanceof RunError && error.code === 'RUN_FOLDER_TAKEN';
      if (!taken || !existsSync(path)) throw error;
    }
  }
}

/**
 * Makes the folder and writes config.json, which also shows that it can be written. Call it when
 * everything else has been checked. If it fails, what it made is removed.
 */
export async function createRunFolder(path: string, config: ResolvedConfig): Promise<NewRunFolder> {
  checkNoRun(path);
  const folder = runFolderAt(path);
  const made: string[] = [];
  const remove = async () => {
    if (made.includes(folder.config)) made.push(...(await filesWrittenLater(folder)));
    for (const each of made) await rm(each, { recursive: true, force: true });
  };
  try {
    const firstMade = await makeFolders(folder.path);
    // Of two runs that begin at once, the one that makes this folder has it; the other touches nothing.
    await mkdir(folder.checkpoints);
    made.push(firstMade ?? folder.checkpoints);
    await writeFileAtomically(folder.config, `${JSON.stringify(config, null, 2)}\n`);
    made.push(folder.config);
    await mkdir(folder.pictures);
    made.push(folder.pictures);
  } catch (error) {
    if (made.length === 0 && existsSync(folder.checkpoints)) checkNoRun(path);
    await remove();
    throw notWritable(folder.path, error);
  }
  return { ...folder, remove };
}

/**
 * The folder of a run to go on with. A copy may have lost what was empty; that is made again, now rather
 * than when the first checkpoint is to be written.
 */
export async function reopenRunFolder(path: string): Promise<RunFolder> {
  const folder = runFolderAt(path);
  try {
    for (const each of [folder.checkpoints, folder.pictures]) {
      await makeFolders(each);
      await access(each, constants.W_OK);
    }
  } catch (error) {
    throw notWritable(folder.path, error);
  }
  return folder;
}

async function filesWrittenLater({ path, metrics }: RunFolder): Promise<string[]> {
  const names = existsSync(path) ? await readdir(path) : [];
  return [metrics, ...names.filter(isEventFile).map((name) => join(path, name))];
}

function notWritable(path: string, cause: unknown): RunError {
  const reason = cause instanceof RunError ? cause.got : undefined;
  return new RunError(
    {
      code: 'RUN_FOLDER_NOT_WRITABLE',
      where: path,
      expected: 'a folder that can be made and written',
      got: reason ?? (cause instanceof Error ? cause.message : String(cause)),
      fix: 'Choose another folder with --out, or change its permissions.',
    },
    { cause },
  );
}
