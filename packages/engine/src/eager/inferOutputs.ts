import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFunction, TensorSpecs } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Graph } from '../graph.ts';
import { outputSpecs } from '../outputSpecs.ts';
import { checkOutputs } from '../tensorFunctionOutputs.ts';
import { traceFunction } from '../trace/traceFunction.ts';
import { onBackend } from './backends.ts';
import { checkKernels, namedKernel } from './missingKernel.ts';

/** What a compiled engine cannot do and an eager one can. */
const eagerOnly = ['ENGINE_UNSUPPORTED_KERNEL', 'ENGINE_TRACED_VALUE_READ'];

/**
 * Names and shapes of a function's outputs. Tracing finds them without computing, and refuses the
 * impure (hidden randomness, kept tensors), whose steps no engine could repeat.
 */
export async function inferOutputs(fn: TensorFunction, backend: string): Promise<TensorSpecs> {
  const graph = traceIfPossible(fn);
  if (graph) {
    await checkKernels(graph, backend);
    return outputSpecs(graph);
  }
  try {
    return onBackend(backend, () => outputsOnZeros(fn));
  } catch (error) {
    throw await namedKernel(error, backend);
  }
}

function traceIfPossible(fn: TensorFunction): Graph | undefined {
  try {
    return traceFunction(fn);
  } catch (error) {
    if (error instanceof EngineError && eagerOnly.includes(error.code)) return undefined;
    throw error;
  }
}

function outputsOnZeros(fn: TensorFunction): TensorSpecs {
  const results = tf.tidy(() => {
    const zeros = mapValues(fn.inputs, ({ shape }) => tf.zeros([...shape]));
    return { ...checkOutputs(fn.apply(zeros), fn) };
  });
  const specs = mapValues(results, ({ shape }: Tensor) => ({ shape }));
  tf.dispose(results);
  return specs;
}

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  map: (value: A) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
