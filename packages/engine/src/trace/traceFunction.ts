/**
 * Runs a tensor function once on symbolic tensors and gives its graph, autodiff included. tfjs's state
 * is left as it was found, whatever the function does: same backend, no tensors, no open tape.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFunction } from '../engine.ts';
import type { Graph } from '../graph.ts';
import { registerGradients } from '../registerGradients.ts';
import { checkOutputs } from '../tensorFunctionOutputs.ts';
import { disposeOpenTape } from '../openTape.ts';
import { keptTensor, unsupportedKernel } from './refusals.ts';
import { registerTraceKernels, traceBackendName } from './registerTraceKernels.ts';
import { TraceBackend } from './traceBackend.ts';

export function traceFunction(fn: TensorFunction): Graph {
  registerGradients();
  registerTraceKernels();
  const backend = new TraceBackend();
  return withTraceBackend(backend, () => {
    let graph: Graph | undefined;
    // Assigned, not returned: tidy would search the whole graph for tensors.
    tf.tidy(() => {
      const tensors = Object.entries(fn.inputs).map(([name, { shape }]): [string, Tensor] => [
        name,
        tf.engine().makeTensorFromTensorInfo(backend.input(name, shape), backend),
      ]);
      const outputs = fn.apply(Object.fromEntries(tensors));
      backend.throwIfRefused();
      graph = backend.build(checkOutputs(outputs, fn));
    });
    const kept = backend.numDataIds();
    if (kept > 0) throw keptTensor(kept);
    if (!graph) throw new Error('tidy did not run its function');
    return graph;
  });
}

/** The backend is registered only while it traces, so that tfjs never picks it as a default. */
function withTraceBackend<T>(backend: TraceBackend, run: () => T): T {
  const { backendName: previous } = tf.engine() as { readonly backendName?: string | null };
  if (tf.findBackendFactory(traceBackendName) != null) {
    throw new Error('A traced function must not trace another one');
  }
  tf.registerBackend(traceBackendName, () => backend, 0);
  try {
    // The factory is synchronous, and so is then everything up to the promise.
    void tf.setBackend(traceBackendName);
    return run();
  } catch (error) {
    disposeOpenTape();
    throw namedKernel(error);
  } finally {
    tf.removeBackend(traceBackendName);
    if (previous != null) void tf.setBackend(previous);
  }
}

/** tfjs refuses kernels that are registered nowhere (a user's own) before our backend hears of them. */
function namedKernel(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const kernel = /Kernel '(\w+)' not registered for backend/.exec(message)?.[1];
  return kernel === undefined ? error : unsupportedKernel(kernel);
}
