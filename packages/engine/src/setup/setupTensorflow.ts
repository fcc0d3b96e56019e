/**
 * `lockstep setup tensorflow`: libtensorflow in the user's cache folder, and tfjs-node's backend on it.
 *
 * Whatever stops it, and however many run at once: a folder is in its place only when it is complete.
 */
import { existsSync } from 'node:fs';
import { rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cachedLibraryFolder, cacheFolder } from '../tensorflow/libraryFolder.ts';
import type { LibraryVariant } from '../tensorflow/libraryFolder.ts';
import { buildTfjsNode } from './buildTfjsNode.ts';
import { fetchWheel } from './fetchWheel.ts';
import type { FetchOptions } from './fetchWheel.ts';
import { findCompiler } from './findCompiler.ts';
import type { SetupProgress } from './progress.ts';
import { MANIFEST, readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { throwIfAborted } from './runProgram.ts';
import { diskFull, explainFileError } from './setupError.ts';
import { withTemporaryFolder } from './temporaryFolder.ts';
import { findTfjsNode, tfjsNodePaths } from './tfjsNodeBinding.ts';
import { unpackLibrary } from './unpackLibrary.ts';
import { wheelFor } from './wheels.ts';
import type { Wheel } from './wheels.ts';

export interface SetupOptions {
  readonly variant: LibraryVariant;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  onProgress?(progress: SetupProgress): void;
  /** In place of the pinned one: for tests. */
  readonly wheel?: Wheel;
}

/** `there` before, `made` now; `none` with the reason and what to do. */
type Part =
  | { readonly state: 'there' | 'made'; readonly folder: string }
  | { readonly state: 'none'; readonly reason: string; readonly fix: string };

export interface SetupResult {
  readonly version: string;
  readonly variant: LibraryVariant;
  readonly library: Exclude<Part, { state: 'none' }> & { readonly bytes: number };
  /** tfjs-node's backend on this library. */
  readonly tfjsNode: Part;
}

interface Task extends FetchOptions {
  readonly wheel: Wheel;
  readonly folder: string;
}

/** Throws EngineErrors, `ENGINE_SETUP_...`. */
export async function setupTensorflow(options: SetupOptions): Promise<SetupResult> {
  try {
    return await setUp(options);
  } catch (error) {
    // A stream that is stopped has its own error.
    throwIfAborted(options.signal);
    throw error;
  }
}

async function setUp(options: SetupOptions): Promise<SetupResult> {
  const { variant, environment = process.env, signal, onProgress = () => undefined } = options;
  const wheel = options.wheel ?? wheelFor(variant);
  const folder = cachedLibraryFolder(variant, environment);
  const cache = cacheFolder(environment);
  const task: Task = { wheel, folder, cache, environment, signal, onProgress };
  const before = readComplete(folder, wheel);
  const manifest = before ?? (await makeLibrary(task));
  return {
    version: wheel.version,
    variant,
    library: {
      state: before === undefined ? 'made' : 'there',
      folder,
      bytes: Object.values(manifest.files).reduce((sum, bytes) => sum + bytes, 0),
    },
    tfjsNode: await makeTfjsNode(variant, task),
  };
}

async function makeLibrary(task: Task): Promise<Manifest> {
  const { wheel, folder, cache, signal, onProgress } = task;
  await withTemporaryFolder(cache, () => checkRoom(wheel, cache));
  try {
    const file = await fetchWheel(wheel, task);
    return await withTemporaryFolder(cache, async (scratch) => {
      const unpacked = join(scratch, 'library');
      const files = await unpackLibrary(file, unpacked, { signal, onProgress });
      const manifest: Manifest = { wheel: wheel.file, sha256: wheel.sha256, files };
      await writeFile(join(unpacked, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      await moveInto(folder, unpacked, { aside: join(scratch, 'before'), wheel });
      await rm(file, { force: true });
      // Unless another one's wheel is in it.
      await rmdir(dirname(file)).catch(() => undefined);
      return manifest;
    });
  } catch (error) {
    // Another set-up may have finished first, and taken the wheel away, also while it was looked at.
    const manifest = readComplete(folder, wheel);
    if (manifest !== undefined) return manifest;
    throw explainFileError(error, cache);
  }
}

/** pip downloads to one place and copies to another; then the wheel and what is in it lie together. */
async function checkRoom(wheel: Wheel, cache: string): Promise<void> {
  const { bavail, bsize } = await statfs(cache);
  const room = bavail * bsize;
  const needed = wheel.bytes + Math.max(wheel.bytes, wheel.unpackedBytes);
  const inGB = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  if (room < needed) throw diskFull(cache, `${inGB(room)}, and it takes ${inGB(needed)}`);
}

async function moveInto(
  folder: string,
  made: string,
  { aside, wheel }: { readonly aside: string; readonly wheel: Wheel },
): Promise<void> {
  if (existsSync(folder) && readComplete(folder, wheel) === undefined) {
    await rename(folder, aside);
  }
  try {
    await rename(made, folder);
  } catch (error) {
    if (readComplete(folder, wheel) === undefined) throw error;
  }
}

/** Undefined where the folder is missing, not whole, or has another wheel's files. */
function readComplete(folder: string, wheel: Wheel): Manifest | undefined {
  const manifest = readManifest(folder);
  return manifest?.sha256 === wheel.sha256 ? manifest : undefined;
}

async function makeTfjsNode(variant: LibraryVariant, task: Task): Promise<Part> {
  const { environment, folder, cache, signal, onProgress } = task;
  const place = tfjsNodePaths(folder).folder;
  if (findTfjsNode(variant, environment) !== undefined) return { state: 'there', folder: place };
  const compiler = await findCompiler(environment, signal);
  if (compiler === undefined) {
    return {
      state: 'none',
      reason: 'there is no C++ compiler',
      fix: 'Install one (Debian, Ubuntu: `sudo apt install g++`; macOS: `xcode-select --install`) and run it again.',
    };
  }
  try {
    await withTemporaryFolder(cache, (scratch) =>
      buildTfjsNode(folder, scratch, { environment, compiler, signal, onProgress }),
    );
  } catch (error) {
    throw explainFileError(error, cache);
  }
  return { state: 'made', folder: place };
}
