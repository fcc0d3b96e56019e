/** Which libtensorflow we use, and where `lockstep setup tensorflow` keeps it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export const TENSORFLOW_VERSION = '2.21.0';

/** With `gpu` the library has CUDA in it. */
export type LibraryVariant = 'cpu' | 'gpu';

/** The user's cache folder for us: `LOCKSTEP_CACHE`, or the platform's place with `lockstep` in it. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { LOCKSTEP_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  if (LOCKSTEP_CACHE) return LOCKSTEP_CACHE;
  const home = homedir();
  if (process.platform === 'win32') {
    return join(LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'lockstep', 'Cache');
  }
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'lockstep');
  return join(XDG_CACHE_HOME ?? join(home, '.cache'), 'lockstep');
}

/** Holds libtensorflow_cc and libtensorflow_framework, and `include/`, when the setup has finished. */
export function cachedLibraryFolder(
  variant: LibraryVariant,
  environment?: NodeJS.ProcessEnv,
): string {
  return join(cacheFolder(environment), `tensorflow-${TENSORFLOW_VERSION}-${variant}`);
}
