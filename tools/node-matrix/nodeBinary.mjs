/** A Node binary of an exact version, from npm: `node-<platform>-<arch>` is what npm's `node` installs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/node-matrix', import.meta.url));

const platform = process.platform === 'win32' ? 'win' : process.platform;
const name = `node${platform === 'darwin' ? '-bin' : ''}-${platform}-${process.arch}`;

/**
 * @param {string} version
 * @returns {string} the path of the binary
 */
export function nodeBinary(version) {
  if (version === process.versions.node) return process.execPath;
  const folder = join(cache, version);
  const binary = join(
    folder,
    'node_modules',
    name,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit'];
    // npm is a script on Windows, which only a shell starts.
    const shell = process.platform === 'win32';
    execFileSync('npm', [...args, `${name}@${version}`], { stdio: ['ignore', 2, 2], shell });
  }
  const found = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  if (found !== `v${version}`) throw new Error(`${binary} is ${found}, expected v${version}`);
  return binary;
}
