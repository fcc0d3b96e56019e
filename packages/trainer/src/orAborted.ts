/** Waiting for what knows no signal. */

/**
 * As `work`, but rejects with the signal's reason as soon as it is aborted. What was waited for goes on; what comes
 * of it then is of no account, and given to `discard`.
 */
export function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  discard?: (late: T) => Promise<void>,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      reject(signal.reason as Error);
      work.then(discard).catch(() => undefined);
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
