/** Where the Python environment and the unpacked data are kept, beside what the command keeps. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** @param {string} name */
export function cacheFolder(name) {
  const { LOCKSTEP_CACHE, XDG_CACHE_HOME } = process.env;
  const base = LOCKSTEP_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockstep');
  const folder = join(base, 'bench', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
