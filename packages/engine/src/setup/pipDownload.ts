/** One call of pip, for one wheel and nothing beside. */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pip } from './findPip.ts';
import { pipFailure } from './pipFailure.ts';
import type { SetupProgress } from './progress.ts';
import { runProgram } from './runProgram.ts';
import { WHEEL_PYTHON } from './wheels.ts';
import type { Wheel } from './wheels.ts';

export interface DownloadOptions {
  readonly pip: Pip;
  /** Of the call alone. */
  readonly folder: string;
  /** For error messages. */
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  onProgress(progress: SetupProgress): void;
}

const LOOK_INTERVAL_MS = 200;

/** Less than this share of a file that pip refused: it broke off, which older pips do not notice. */
const ALMOST = 0.9;

/** Returns the path. Throws ENGINE_SETUP_NETWORK, _NOT_OFFERED, _CHECKSUM, _DISK_FULL, _CACHE. */
export async function pipDownload(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const { pip, folder, cache, environment, signal, onProgress } = options;
  const into = join(folder, 'download');
  const requirements = join(folder, 'requirements.txt');
  await rm(into, { recursive: true, force: true });
  await mkdir(into);
  await writeFile(
    requirements,
    `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`,
  );
  const args = [
    ...['-m', 'pip', 'download', '--requirement', requirements, '--require-hashes', '--no-deps'],
    ...['--only-binary=:all:', '--platform', wheel.platform, '--implementation', 'cp'],
    ...['--python-version', WHEEL_PYTHON.version, '--abi', WHEEL_PYTHON.abi, '--dest', into],
    // Or pip would keep a second copy for good.
    ...['--no-cache-dir', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
    ...(canResume(pip) ? ['--resume-retries', '10'] : []),
  ];
  let seen = 0;
  const timer = setInterval(() => {
    void largestFile(folder).then((bytes) => {
      seen = Math.max(seen, bytes);
      onProgress({ stage: 'download', done: Math.min(bytes, wheel.bytes), total: wheel.bytes });
    });
  }, LOOK_INTERVAL_MS);
  try {
    onProgress({ stage: 'download', done: 0, total: wheel.bytes });
    const { code, output } = await runProgram(pip.python, args, {
      // A cache folder has the room that /tmp may lack.
      environment: { ...environment, TMPDIR: folder, PIP_REQUIRE_VIRTUALENV: 'false' },
      signal,
    });
    const [file] = (await readdir(into)).filter((name) => name.endsWith('.whl'));
    if (code === 0 && file !== undefined) return join(into, file);
    const brokeOff = seen > 0 && seen < ALMOST * wheel.bytes;
    throw pipFailure(wheel, { output, folder: cache, brokeOff });
  } finally {
    clearInterval(timer);
  }
}

const canResume = ({ version: [major, minor] }: Pip): boolean =>
  major > 25 || (major === 25 && minor >= 1);

/** pip says how far it is to terminals only; but what it downloads grows where we can see it. */
async function largestFile(folder: string): Promise<number> {
  let largest = 0;
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names.filter((path) => path.endsWith('.whl'))) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    largest = Math.max(largest, found?.size ?? 0);
  }
  return largest;
}
