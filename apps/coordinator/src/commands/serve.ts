import type { Context } from '../context.ts';
import { onInterrupt } from '../interrupts.ts';
import { errorText } from '../report/errorReport.ts';
import { shownPath } from '../report/shownPath.ts';
import { writeJson } from '../report/writeJson.ts';
import { serveRun } from '../serve/serveRun.ts';
import type { ServeFlags } from '../serveProgram.ts';
import { workerEntry } from '../trainer.ts';

const STOPPING = 'Closing after the requests that have come; Ctrl-C again closes at once.\n';

/** Resolves when the server has closed. */
export async function serveCommand(
  run: string,
  { json = false, maxBody, ...flags }: ServeFlags,
  context: Context,
): Promise<void> {
  const { stdout, stderr, now } = context;
  const server = await serveRun(await context.loadTrainer(), run, {
    ...flags,
    ...(maxBody !== undefined && { maxBodyBytes: maxBody }),
    workerEntry: workerEntry(),
    onError: (error) => void stderr.write(errorText(error)),
  });
  const { url, service } = server;
  const { model, functions } = service;
  const stopped = new Promise<void>((resolve) => {
    onInterrupt(context.signals, {
      now,
      first: () => {
        if (!json) stderr.write(STOPPING);
        resolve();
      },
      second: () => context.die(),
    });
  });
  const uses = functions.map(({ use }) => use);
  if (json) writeJson(stdout, { event: 'serving', url, ...model, functions: uses });
  else {
    const routes = uses.map((use) => `POST /${use}`).join(', ');
    stdout.write(`${url} serves ${shownPath(model.checkpoint)}: ${routes}\n`);
  }
  await stopped;
  await server.close();
  if (json) writeJson(stdout, { event: 'closed' });
}
