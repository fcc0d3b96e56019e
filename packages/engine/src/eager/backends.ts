/** Starting a tfjs backend, and running on one without disturbing the one in use. */
import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import { backendLoaders, tfjsNameOf } from './backendLoaders.ts';

function backendNames(): string[] {
  return [...new Set([...Object.keys(backendLoaders), ...tf.engine().backendNames()])];
}

/** Registers and starts a backend; the default backend stays what it was. Name: as in `eager:<name>`. */
export async function startBackend(name: string): Promise<void> {
  const tfjsName = tfjsNameOf(name);
  const loader = Object.hasOwn(backendLoaders, name) ? backendLoaders[name] : undefined;
  if (tf.findBackendFactory(tfjsName) == null) await loader?.load();
  if (tf.findBackendFactory(tfjsName) == null) {
    throw new EngineError({
      code: 'ENGINE_UNKNOWN',
      where: `Engine "eager:${name}"`,
      expected: `a tfjs backend that is registered (${backendNames().join(', ')})`,
      got: `"${name}"`,
      fix: `Import the package of the "${name}" backend first, or choose another.`,
    });
  }
  const previous = currentBackend();
  const started = await tf.setBackend(tfjsName);
  if (previous !== undefined && previous !== tfjsName) await tf.setBackend(previous);
  if (!started) {
    throw new EngineError({
      code: 'ENGINE_BACKEND_FAILED',
      where: `Engine "eager:${name}"`,
      expected: 'a tfjs backend that starts on this machine',
      got: 'a failure (its reason is logged above)',
      fix: 'Run with --engine eager:cpu, or look at `lockstep doctor`.',
    });
  }
  loader?.started?.();
}

/** Runs synchronously on a backend that has been started. */
export function onBackend<T>(name: string, run: () => T): T {
  const tfjsName = tfjsNameOf(name);
  const previous = currentBackend();
  if (previous === tfjsName) return run();
  // Of a started backend, setBackend does its work before it returns the promise.
  void tf.setBackend(tfjsName);
  try {
    return run();
  } finally {
    if (previous !== undefined) void tf.setBackend(previous);
  }
}

const currentBackend = (): string | undefined =>
  (tf.engine() as { readonly backendName?: string | null }).backendName ?? undefined;
