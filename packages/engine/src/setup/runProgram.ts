/** Runs a program to its end and keeps the last of what it printed. */
import { spawn } from 'node:child_process';
import { setupError } from './setupError.ts';

export interface ProgramEnd {
  /** Undefined where the program could not be started: there is none, as a rule. */
  readonly code: number | null | undefined;
  readonly stdout: string;
  /** Standard output and error together, the last of it. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

const KEPT_CHARACTERS = 100_000;

/** Throws ENGINE_SETUP_INTERRUPTED when the signal aborts, after the program has gone. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, environment = process.env, signal }: ProgramOptions = {},
): Promise<ProgramEnd> {
  throwIfAborted(signal);
  const end = await new Promise<ProgramEnd>((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let stdout = '';
    let output = '';
    const keep = (text: string): void => void (output = (output + text).slice(-KEPT_CHARACTERS));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS);
      keep(text);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    const stop = (): void => void child.kill('SIGTERM');
    signal?.addEventListener('abort', stop, { once: true });
    const ended = (code: ProgramEnd['code']): void => {
      signal?.removeEventListener('abort', stop);
      resolve({ code, stdout, output });
    };
    child.on('error', () => ended(undefined));
    child.on('close', ended);
  });
  throwIfAborted(signal);
  return end;
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw setupError('INTERRUPTED', {
    expected: 'to finish',
    got: 'an interrupt',
    fix: 'Nothing half-made was left behind. Run it again to go on.',
  });
}

/** For a message: the last lines that say something. */
export const lastLines = (text: string, count = 3): string =>
  text
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n') || 'nothing printed';
