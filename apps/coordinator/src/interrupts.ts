/**
 * Ctrl-C, or a terminal that closes: the first asks for a clean stop, the second for an immediate one.
 *
 * One Ctrl-C can arrive twice: the terminal signals every process of the group, and a parent such as
 * npm passes its own on. What follows within `TWIN_MS` is the same key press.
 */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

export interface InterruptHandlers {
  first(): void;
  second(): void;
  /** Milliseconds. */
  now(): number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const TWIN_MS = 300;

/** Returns a function that stops listening. */
export function onInterrupt(source: SignalSource, handlers: InterruptHandlers): () => void {
  let firstAtMs: number | undefined;
  const listener = (): void => {
    const now = handlers.now();
    if (firstAtMs === undefined) {
      firstAtMs = now;
      handlers.first();
    } else if (now - firstAtMs > TWIN_MS) {
      handlers.second();
    }
  };
  for (const signal of SIGNALS) source.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) source.off(signal, listener);
  };
}
