/** tfjs backends have different kernels; an error says which one is missing, and who has it. */
import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../errors.ts';
import type { Graph } from '../graph.ts';
import { backendLoaders, tfjsNameOf } from './backendLoaders.ts';

/** Throws ENGINE_UNSUPPORTED_KERNEL. Of a backend that has been started. */
export async function checkKernels({ nodes }: Graph, backend: string): Promise<void> {
  const missing = nodes.find(({ kernel }) => tf.getKernel(kernel, tfjsNameOf(backend)) == null);
  if (missing) throw await missingKernel(missing.kernel, backend, missing.scope);
}

/** tfjs's own error of a missing kernel, in our words; any other as it is. */
export async function namedKernel(error: unknown, backend: string): Promise<unknown> {
  const message = error instanceof Error ? error.message : '';
  const kernel = /Kernel '(\w+)' not registered for backend/.exec(message)?.[1];
  return kernel === undefined ? error : await missingKernel(kernel, backend);
}

async function missingKernel(kernel: string, backend: string, scope = ''): Promise<EngineError> {
  await backendLoaders['cpu']?.load();
  const elsewhere = tf.getKernel(kernel, 'cpu') != null;
  return new EngineError({
    code: 'ENGINE_UNSUPPORTED_KERNEL',
    where: `Engine "eager:${backend}"${scope === '' ? '' : ` (in ${scope})`}`,
    expected: `operations that tfjs has on the backend "${backend}"`,
    got: `tfjs kernel "${kernel}", which it has not`,
    fix: elsewhere
      ? 'Run with --engine eager:cpu, which has it.'
      : 'Write that part of the model with other operations.',
  });
}
