/** Numbers that a traced function brings along: uploaded inside it, or captured from outside. */
import type { BackendValues } from '@tensorflow/tfjs-core';
import type { DType } from '../graph.ts';
import type { ConstantData } from './graphBuilder.ts';

/** A copy: the graph must not change when the caller's array does. */
export function constantData(values: BackendValues, dtype: DType): ConstantData {
  const numbers = values as ArrayLike<number>;
  switch (dtype) {
    case 'float32':
      return new Float32Array(numbers);
    case 'int32':
      return new Int32Array(numbers);
    case 'bool':
      return new Uint8Array(numbers);
  }
}

/** The one value of all elements, where there are at least two: tf.zeros, tf.ones and the like. */
export function uniformValue(data: ConstantData): number | undefined {
  const first = data[0];
  if (first === undefined || data.length === 1) return undefined;
  for (const value of data) if (!Object.is(value, first)) return undefined;
  return first;
}
