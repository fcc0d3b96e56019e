/** A `python3` whose pip serves a small wheel, or does what a test wants of it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type { Wheel } from '../wheels.ts';
import { zip } from './zip.ts';

/** What one call of `pip download` does. */
export type Deed =
  | 'serve'
  | 'serve another file'
  | 'serve a half'
  | 'break off'
  | 'refuse the hash'
  | 'lose the end'
  | 'fail without network'
  | 'fail without such a package'
  | 'fill the disk'
  | 'hang';

export interface FakePip {
  readonly environment: NodeJS.ProcessEnv;
  readonly cache: string;
  readonly wheel: Wheel;
  /** The command lines of `pip download`. */
  calls(): string[];
  /** Whether a download hangs. */
  hangs(): boolean;
}

/** Of the wheel, those that are to be unpacked. */
export const libraryFiles: Readonly<Record<string, Buffer>> = {
  'libtensorflow_cc.so.2': Buffer.alloc(300_000, 'the library '),
  'libtensorflow_framework.so.2': Buffer.alloc(20_000, 'the framework '),
  'include/tensorflow/c/c_api.h': Buffer.from('#pragma once\n'),
  'include/xla/tsl/c/tsl_status.h': Buffer.from('// status\n'),
  'THIRD_PARTY_NOTICES.txt': Buffer.from('notices\n'),
};

const wheelBytes = zip({
  'tensorflow/__init__.py': Buffer.from('raise SystemExit\n'),
  'tensorflow/include/Eigen/Dense': Buffer.from('// Eigen\n'),
  'tensorflow/python/libtensorflow_cc.so.2': Buffer.from('another\n'),
  ...Object.fromEntries(
    Object.entries(libraryFiles).map(([path, bytes]) => [`tensorflow/${path}`, bytes]),
  ),
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The last deed is done from then on. */
export function fakePip(deeds: readonly Deed[], version = '23.2.1'): FakePip {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-setup-'));
  folders.push(folder);
  const bin = join(folder, 'bin');
  const cache = join(folder, 'cache');
  const wheel: Wheel = {
    package: 'tensorflow-cpu',
    version: '2.21.0',
    platform: 'manylinux_2_27_x86_64',
    file: 'tensorflow_cpu-2.21.0-test.whl',
    bytes: wheelBytes.length,
    sha256: createHash('sha256').update(wheelBytes).digest('hex'),
    unpackedBytes: 400_000,
  };
  mkdirSync(bin);
  const files = {
    wheel: wheelBytes,
    name: wheel.file,
    deeds: deeds.join('\n'),
    calls: '',
    version,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const script = fileURLToPath(new URL('fakePython.mjs', import.meta.url));
  writeFileSync(
    join(bin, 'python3'),
    `#!/bin/sh\nexec '${process.execPath}' '${script}' '${folder}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    environment: { PATH: bin, LOCKSTEP_CACHE: cache },
    cache,
    wheel,
    calls: () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean),
    hangs: () => existsSync(join(folder, 'hanging')),
  };
}
