/** Which tfjs backends there are, and running on one without disturbing the one in use. */
import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';

/** Backends that we load on demand; any other must have been registered by the caller. */
const loaders: Readonly<Record<string, () => Promise<void>>> = {
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu');
    // Or it advertises another package on stderr when it is first used.
    Object.assign(tf.findBackend('cpu'), { firstUse: false });
  },
};

function backendNames(): string[] {
  return [...new Set([...Object.keys(loaders), ...tf.engine().backendNames()])];
}

/** Registers and starts a backend; the default backend stays what it was. */
export async function startBackend(name: string): Promise<void> {
  if (tf.findBackendFactory(name) == null) await loaders[name]?.();
  if (tf.findBackendFactory(name) == null) {
    throw new EngineError({
      code: 'ENGINE_UNKNOWN',
      where: `Engine "eager:${name}"`,
      expected: `a tfjs backend that is registered (${backendNames().join(', ')})`,
      got: `"${name}"`,
      fix: `Import the package of the "${name}" backend first, or choose another.`,
    });
  }
  const previous = currentBackend();
  const started = await tf.setBackend(name);
  if (previous !== undefined && previous !== name) await tf.setBackend(previous);
  if (started) return;
  throw new EngineError({
    code: 'ENGINE_BACKEND_FAILED',
    where: `Engine "eager:${name}"`,
    expected: 'a tfjs backend that starts on this machine',
    got: 'a failure (its reason is logged above)',
    fix: 'Run with --engine eager:cpu, or look at `lockstep doctor`.',
  });
}

/** Runs synchronously on a backend that has been started. */
export function onBackend<T>(name: string, run: () => T): T {
  const previous = currentBackend();
  if (previous === name) return run();
  // Of a started backend, setBackend does its work before it returns the promise.
  void tf.setBackend(name);
  try {
    return run();
  } finally {
    if (previous !== undefined) void tf.setBackend(previous);
  }
}

const currentBackend = (): string | undefined =>
  (tf.engine() as { readonly backendName?: string | null }).backendName ?? undefined;
