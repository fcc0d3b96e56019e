/**
 * What every command has around its own work that writes all of its files or none: Ctrl-C ends it before it has
 * written anything, or not at all. A second one ends it at once.
 */
import type { Context } from '../context.ts';
import { EXIT } from '../exitCode.ts';
import { onInterrupt } from '../interrupts.ts';
import { writeJson } from '../report/writeJson.ts';

const INTERRUPTED = 'Interrupted: nothing was written.\n';

export interface Interruptible {
  readonly json: boolean | undefined;
  /** Takes away what shows how far it is, before anything else is printed. */
  close?(): void;
  /** Throws the signal's reason where the signal ended it. */
  work(signal: AbortSignal): Promise<void>;
}

/** Returns the exit code. */
export async function interruptible(
  { stdout, stderr, signals, now, die }: Context,
  { json = false, close, work }: Interruptible,
): Promise<number> {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  const stopListening = onInterrupt(signals, {
    now,
    first: () => interrupted.abort(),
    second: () => {
      close?.();
      die();
    },
  });
  try {
    await work(signal);
    return EXIT.ok;
  } catch (error) {
    close?.();
    if (!signal.aborted || error !== signal.reason) throw error;
    if (json) writeJson(stdout, { event: 'interrupted' });
    else stderr.write(INTERRUPTED);
    return EXIT.interrupted;
  } finally {
    stopListening();
  }
}
