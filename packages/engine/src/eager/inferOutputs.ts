import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFunction, TensorSpecs } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { checkOutputs } from '../tensorFunctionOutputs.ts';
import { traceFunction } from '../trace/traceFunction.ts';
import { onBackend } from './backends.ts';

/** What a compiled engine cannot do and an eager one can. */
const eagerOnly = ['ENGINE_UNSUPPORTED_KERNEL', 'ENGINE_TRACED_VALUE_READ'];

/**
 * Names and shapes of a function's outputs. Tracing finds them without computing, and refuses the
 * impure (hidden randomness, kept tensors), whose steps no engine could repeat.
 */
export function inferOutputs(fn: TensorFunction, backend: string): TensorSpecs {
  try {
    const { outputs, values } = traceFunction(fn);
    return mapValues(outputs, (id) => ({ shape: values[id]?.shape ?? [] }));
  } catch (error) {
    if (!(error instanceof EngineError && eagerOnly.includes(error.code))) throw error;
    return onBackend(backend, () => outputsOnZeros(fn));
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
