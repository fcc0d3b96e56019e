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

const code = await runCli(args, {
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
  outputClosed: outputClosed.signal,
  loadTrainer: () => import('@lockstep/trainer'),
  now: () => performance.now(),
  exit: (exitCode) => process.exit(exitCode),
});
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
process.exit(code);
