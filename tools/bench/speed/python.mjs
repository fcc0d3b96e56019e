/** A Python with torch and numpy: LOCKSTEP_PYTHON, or an environment of our own, made when first needed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startChild } from '../children.mjs';
import { root } from '../lockstep.mjs';
import { cacheFolder } from './cacheFolder.mjs';

/**
 * @typedef {{ path: string, versions: { python: string, torch: string } }
 *   | { path: undefined, reason: string }} Python
 */

const run = promisify(execFile);
/** Smaller, and all that is measured. Where this index cannot be reached, the usual one will do. */
const CPU_ONLY = ['--index-url', 'https://download.pytorch.org/whl/cpu', '--retries', '1'];

/**
 * @param {string} python
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function show(python, args) {
  return new Promise((resolve, reject) => {
    const child = startChild(python, args);
    child.stdout.pipe(process.stderr, { end: false });
    child.stderr.pipe(process.stderr, { end: false });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${python} ${args.join(' ')} exited with ${String(code)}`));
    });
  });
}

/** @param {string} python */
async function versions(python) {
  const code = 'import sys, torch, numpy; print(sys.version.split()[0], torch.__version__)';
  const { stdout } = await run(python, ['-c', code]);
  const [version = '', torch = ''] = stdout.trim().split(' ');
  return { python: version, torch };
}

/** @returns {Promise<{ path: string, versions: { python: string, torch: string } }>} */
async function findOrInstall() {
  const named = process.env['LOCKSTEP_PYTHON'];
  if (named) return { path: named, versions: await versions(named) };
  const folder = cacheFolder('python');
  const path = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(path)) {
    const found = await versions(path).catch(() => undefined);
    if (found) return { path, versions: found };
  }
  console.error(`Making a Python environment with PyTorch in ${folder} ...`);
  await show('python3', ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--disable-pip-version-check'];
  await show(path, [...install, 'numpy']);
  await show(path, [...install, ...CPU_ONLY, 'torch']).catch(async () => {
    console.error('That index did not answer; trying the usual one.');
    await show(path, [...install, 'torch']);
  });
  return { path, versions: await versions(path) };
}

/** @returns {Promise<Python>} */
export async function findPython() {
  try {
    return await findOrInstall();
  } catch (error) {
    return { path: undefined, reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * @param {string} python
 * @returns {Promise<{ torch: number, numpy: number }>} GFLOP/s of one thread
 */
export async function sgemmPeak(python) {
  const { stdout } = await run(python, ['-B', join(root, 'tools/bench/peer/sgemm.py')]);
  return JSON.parse(stdout);
}
