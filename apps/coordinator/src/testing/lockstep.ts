/** The command as users run it: a process of its own, on the built files. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/lockstep.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  /** Without the lines of progress, which come where a machine is slow. */
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when stdout contains the text. */
  printed(text: string): Promise<void>;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Of a use, where stderr is no terminal: `embed  encode 0/1  ETA -:--`, `embed  reading data ...`. */
const PROGRESS = /^\w+ {2}.* (ETA \S+|\.\.\.)\n/gm;

export function start(args: readonly string[], { cwd, env }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout, stderr: stderr.replace(PROGRESS, '') }),
    );
  });
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`"${text}" not printed:\n${stdout}\n${stderr}`)));
      look();
    });
  return { child, finished, printed };
}

export function lockstep(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return start(args, options).finished;
}

/** What `--json` printed, line by line. */
export function jsonLines({ stdout }: Finished): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The last JSON line of a command that must succeed. */
export function lastLine(finished: Finished): Record<string, unknown> {
  const line = jsonLines(finished).at(-1);
  if (finished.code !== 0 || line === undefined) {
    throw new Error(`exit ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
  }
  return line;
}
