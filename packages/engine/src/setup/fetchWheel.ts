/**
 * A wheel in the cache folder that is the one we pinned, byte for byte.
 *
 * pip downloads: it knows the user's index, proxy and certificates. A download that breaks off is taken
 * up where it stopped by pip 25.1 and later, and begun anew with older ones; what was downloaded
 * is kept under `downloads/` until it has been unpacked, so that an interrupt then costs nothing.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findPip } from './findPip.ts';
import type { Pip } from './findPip.ts';
import { checksumError, pipFailure } from './pipFailure.ts';
import type { SetupProgress } from './progress.ts';
import { runProgram, throwIfAborted } from './runProgram.ts';
import { explainFileError, isSetupError } from './setupError.ts';
import { withTemporaryFolder } from './temporaryFolder.ts';
import { WHEEL_PYTHON } from './wheels.ts';
import type { Wheel } from './wheels.ts';

export interface FetchOptions {
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  onProgress(progress: SetupProgress): void;
}

const ATTEMPTS = 3;
const LOOK_INTERVAL_MS = 200;

/** Returns the path. Throws ENGINE_SETUP_PIP, _NETWORK, _NOT_OFFERED, _CHECKSUM, _DISK_FULL, _CACHE. */
export async function fetchWheel(wheel: Wheel, options: FetchOptions): Promise<string> {
  const kept = join(options.cache, 'downloads', wheel.file);
  if ((await differs(wheel, kept, options)) === undefined) return kept;
  const pip = await findPip(options.environment, options.signal);
  await withTemporaryFolder(options.cache, async (folder) => {
    let [wrong, received] = [0, 0];
    const onProgress = (progress: SetupProgress): void => {
      if (progress.stage === 'download') received = Math.max(received, progress.done);
      options.onProgress(progress);
    };
    for (let attempt = 1; ; attempt++) {
      try {
        // Kept before it is checked, so that an interrupt does not cost it: its next user checks too.
        await keep(await download(wheel, { ...options, onProgress, pip, folder }), kept);
        const difference = await differs(wheel, kept, options);
        if (difference === undefined) return;
        await rm(kept, { force: true });
        throw checksumError(wheel, difference);
      } catch (error) {
        const brokeOff = isSetupError(error, 'NETWORK') && received > 0 && attempt < ATTEMPTS;
        const isWrong = isSetupError(error, 'CHECKSUM') && ++wrong < 2;
        if (!brokeOff && !isWrong) throw explainFileError(error, options.cache);
      }
    }
  });
  return kept;
}

async function keep(file: string, kept: string): Promise<void> {
  await mkdir(dirname(kept), { recursive: true });
  await rename(file, kept);
}

interface DownloadOptions extends FetchOptions {
  readonly pip: Pip;
  readonly folder: string;
}

async function download(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const { pip, folder, environment, signal, onProgress } = options;
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
  const timer = setInterval(() => {
    void largestFile(folder).then((bytes) => {
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
    if (code !== 0) throw pipFailure(wheel, output, options.cache);
    const [file] = (await readdir(into)).filter((name) => name.endsWith('.whl'));
    if (file === undefined) throw pipFailure(wheel, output, options.cache);
    return join(into, file);
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

/** How a file differs from the wheel; undefined where it is the wheel. */
async function differs(
  wheel: Wheel,
  file: string,
  options: FetchOptions,
): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return 'nothing';
  if (found.size !== wheel.bytes) return `${found.size} bytes instead of ${wheel.bytes}`;
  const digest = await sha256(file, options);
  return digest === wheel.sha256 ? undefined : `SHA-256 ${digest}`;
}

async function sha256(file: string, { signal, onProgress }: FetchOptions): Promise<string> {
  const hash = createHash('sha256');
  const { size: total } = await stat(file);
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    throwIfAborted(signal);
    hash.update(chunk as Buffer);
    done += (chunk as Buffer).length;
    onProgress({ stage: 'check', done, total });
  }
  return hash.digest('hex');
}
