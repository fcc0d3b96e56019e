import type { ConfigFlags } from '@lockstep/trainer';
import type { Context } from '../context.ts';
import { EXIT } from '../exitCode.ts';
import { onInterrupt } from '../interrupts.ts';
import type { TrainFlags } from '../trainingCommands.ts';
import { createTrainReporter } from '../report/createTrainReporter.ts';
import { quietEndText } from '../report/endText.ts';
import { writeJson } from '../report/writeJson.ts';
import { workerEntry } from '../trainer.ts';

const STOPPING = 'Stopping after this step; Ctrl-C again stops at once.\n';
const NOT_BEGUN = 'Stopped while the data was read: no step was made, nothing was written.\n';

/** Returns the exit code. */
export async function trainCommand(
  file: string | undefined,
  flags: TrainFlags,
  context: Context,
): Promise<number> {
  const { json = false, quiet = false, profile = false, resume, ...settings } = flags;
  const { stdout, stderr, now } = context;
  const reporter = createTrainReporter({ json, quiet, profile, stdout, now });
  const interrupted = new AbortController();
  const stopListening = onInterrupt(context.signals, {
    now,
    first: () => {
      reporter.close();
      if (!json && !quiet) stderr.write(STOPPING);
      interrupted.abort();
    },
    second: () => {
      reporter.close();
      context.die();
    },
  });
  const signal = AbortSignal.any([interrupted.signal, context.outputClosed]);
  try {
    const { resolveTrainConfig, train } = await context.loadTrainer();
    // Names are only text so far; resolving checks them.
    const config = await resolveTrainConfig({ file, flags: settings as ConfigFlags, resume });
    const end = await train(config, {
      workerEntry: workerEntry(),
      onSpool: (done, count) => reporter.onSpool?.(done, count),
      onEvent: (event) => reporter.onEvent(event),
      onNotice: (notice) => {
        if (!json && !quiet) stderr.write(`${notice}\n`);
      },
      signal,
      resume,
    });
    await reporter.finish(end);
    if (context.outputClosed.aborted) stderr.write(quietEndText(end));
    return end.event === 'done' ? EXIT.ok : EXIT.interrupted;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    reporter.close();
    if (json) writeJson(stdout, { event: 'interrupted' });
    else stderr.write(NOT_BEGUN);
    return EXIT.interrupted;
  } finally {
    stopListening();
    reporter.close();
  }
}
