/**
 * Describes engines each in a process of its own: what a broken native library prints, how long it
 * hangs, and what it takes down with it stays there.
 */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { engineNames } from '../createEngine.ts';
import type { EngineDescription } from '../describeEngines.ts';

/** Children cannot load TypeScript: built, from src/ and from dist/ alike. */
const entry = new URL('../../dist/doctor/probeEntry.js', import.meta.url);

export interface ProbeOptions {
  /** How long one engine may take; a first start on a GPU compiles its kernels. */
  readonly timeoutMs?: number;
  /** In place of ours: for tests. */
  readonly entry?: URL;
}

const TIMEOUT_MS = 90_000;
const KEPT_CHARACTERS = 4000;

/** One after the other, as each measures time. Never throws. */
export async function* probeEngines(
  names: readonly string[] = probedNames(),
  options: ProbeOptions = {},
): AsyncGenerator<EngineDescription> {
  for (const name of names) yield await probeEngine(name, options);
}

/** Those that take a CUDA GPU's number. */
const onCuda = ['tensorflow:cuda', 'onnx:cuda', 'eager:tfjs-node-gpu'];

/** Every engine, on every CUDA GPU where it takes one, and at least on the first, to say why not. */
function probedNames(): string[] {
  const names = engineNames.flatMap((name) =>
    name === 'tensorflow' ? [name, 'tensorflow:cuda'] : [name],
  );
  const gpus = Array.from({ length: Math.max(1, countGpus()) }, (_, index) => index);
  return names.flatMap((name) =>
    onCuda.includes(name) ? gpus.map((gpu) => `${name}:${gpu}`) : [name],
  );
}

/** As NVIDIA's driver lists them. */
function countGpus(): number {
  try {
    return readdirSync('/proc/driver/nvidia/gpus').length;
  } catch {
    return 0;
  }
}

function probeEngine(
  name: string,
  { timeoutMs = TIMEOUT_MS, entry: script = entry }: ProbeOptions,
): Promise<EngineDescription> {
  return new Promise((resolve) => {
    const child = fork(script, [name], {
      // The parent's loaders and conditions are not the child's.
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let printed = '';
    const keep = (text: string): void => void (printed = (printed + text).slice(-KEPT_CHARACTERS));
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const timer = setTimeout(() => end(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    let description: EngineDescription | undefined;
    const end = (how: string): void => {
      clearTimeout(timer);
      description ??= { name, works: false, reason: `its process ${how}${lastWords(printed)}` };
      // Libraries may crash as they are taken down; it has said what it had to say.
      child.kill('SIGKILL');
      resolve(description);
    };
    child.on('message', (message) => {
      description = message as EngineDescription;
      end('');
    });
    child.on('error', (error) => end(`did not run: ${error.message}`));
    child.on('close', (code, signal) =>
      end(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
    );
  });
}

/** Native libraries write the cause last, if at all. */
function lastWords(printed: string): string {
  const line = printed.trimEnd().split('\n').at(-1)?.trim();
  return line ? `, after it wrote: ${line}` : '';
}
