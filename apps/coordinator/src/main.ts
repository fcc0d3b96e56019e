/** The process around the command: outputs, signals, how it ends. */
import { runCli } from './cli.ts';
import { EXIT } from './exitCode.ts';

const outputClosed = new AbortController();

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has left (`| head`); what is written from now on goes nowhere.
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (stream === process.stdout) outputClosed.abort();
  });
}

const args = process.argv.slice(2);
process.on('uncaughtException', (error) => {
  void import('./report/reportError.ts').then(({ reportError }) => {
    reportError(error, args, process);
    process.exit(EXIT.failed);
  });
});

/**
 * By the signal itself, which shells report as 130. `process.exit` would take the worker threads
 * down first, and a thread that is inside the engine's native code then aborts the process.
 */
function die(): void {
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

const code = await runCli(args, {
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  outputClosed: outputClosed.signal,
  loadTrainer: () => import('@lockstep/trainer'),
  now: () => performance.now(),
  die,
});
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
process.exit(code);
