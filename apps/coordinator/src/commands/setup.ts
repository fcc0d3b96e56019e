/** Fetches libtensorflow into the user's cache folder, and builds tfjs-node's binding on it. */
import type { Context } from '../context.ts';
import { EXIT } from '../exitCode.ts';
import { onInterrupt } from '../interrupts.ts';
import type { SetupFlags } from '../program.ts';
import { createSetupReporter } from '../report/setupReporter.ts';
import { writeJson } from '../report/writeJson.ts';

const STOPPED = 'Stopped. Nothing half-made was left behind; run it again to go on.\n';

/** Returns the exit code. */
export async function setupCommand(flags: SetupFlags, context: Context): Promise<number> {
  const { json = false, quiet = false, gpu = false } = flags;
  const { stdout, stderr, now } = context;
  const reporter = createSetupReporter({ json, quiet, stdout, now });
  const interrupted = new AbortController();
  const stopListening = onInterrupt(context.signals, {
    now,
    first: () => interrupted.abort(),
    second: () => context.die(),
  });
  const signal = AbortSignal.any([interrupted.signal, context.outputClosed]);
  try {
    const { setupTensorflow } = await import('@lockstep/engine/setup');
    const variant = gpu ? 'gpu' : 'cpu';
    reporter.onResult(
      await setupTensorflow({
        variant,
        signal,
        onProgress: (progress) => reporter.onProgress(progress),
      }),
    );
    return EXIT.ok;
  } catch (error) {
    if (!signal.aborted) throw error;
    reporter.close();
    if (json) writeJson(stdout, { event: 'interrupted' });
    else stderr.write(STOPPED);
    return EXIT.interrupted;
  } finally {
    stopListening();
    reporter.close();
  }
}
