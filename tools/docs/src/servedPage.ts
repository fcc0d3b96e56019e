/** `serve` as a page has it, but on any free port; and the requests that the page makes of it by curl. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { promisify } from 'node:util';

export interface ServedPage {
  /** Of the command, with `--port`. */
  readonly args: readonly string[];
  /** Lines of a shell. */
  readonly requests: readonly string[];
  /** Path of the command. */
  readonly lockstep: string;
  readonly cwd: string;
}

/** The answers, in JSON. Throws where one is refused, or the server does not end well. */
export async function askServer({ args, requests, lockstep, cwd }: ServedPage): Promise<unknown[]> {
  const at = args.indexOf('--port') + 1;
  const shown = `localhost:${args[at]}/`;
  const port = args.with(at, '0');
  const server = spawn(process.execPath, [lockstep, ...port, '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  const answers: unknown[] = [];
  try {
    for await (const line of createInterface(server.stdout)) {
      const { event, url } = JSON.parse(line) as { event: string; url?: string };
      if (event !== 'serving') break;
      for (const request of requests) answers.push(await ask(request, shown, `${url}/`, cwd));
      server.kill('SIGINT');
    }
  } finally {
    server.kill('SIGINT');
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`serve ended with ${code}`);
  return answers;
}

/** What curl would send: a shell makes words of the line. */
async function ask(line: string, shown: string, url: string, cwd: string): Promise<unknown> {
  const run = promisify(execFile);
  const { stdout } = await run('bash', ['-c', `printf '%s\\0' ${line}`], { cwd });
  const [curl, place = '', ...flags] = stdout.split('\0').slice(0, -1);
  if (curl !== 'curl' || !place.startsWith(shown)) throw new Error(`no request: ${line}`);
  const valueOf = (flag: string): string => flags[flags.indexOf(flag) + 1] ?? '';
  const [name = '', value = ''] = valueOf('-H').split(': ');
  const response = await fetch(place.replace(shown, url), {
    method: 'POST',
    headers: { [name]: value },
    body: valueOf('-d'),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}
