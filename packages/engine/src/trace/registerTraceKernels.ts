/** Gives tfjs a kernel of every name it knows: the tracer records it, or refuses it by name. */
import * as tf from '@tensorflow/tfjs-core';
import { kernelTable } from './kernels/allKernels.ts';
import type { TraceBackend } from './traceBackend.ts';

export const traceBackendName = 'lockstep-trace';

export function registerTraceKernels(): void {
  if (tf.getKernel('Add', traceBackendName) != null) return;
  // tfjs exports each kernel's name as a constant: `export const Add = 'Add'`.
  const exported = Object.entries(tf)
    .filter(([key, value]) => key === value)
    .map(([key]) => key);
  for (const kernelName of new Set([...Object.keys(kernelTable), ...exported])) {
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        (backend as TraceBackend).runKernel(kernelName, inputs, attrs ?? {}),
    });
  }
}
