/** What a tensor function gave back, checked where it comes in: user code may return anything. */
import { Tensor } from '@tensorflow/tfjs-core';
import { EngineError } from './errors.ts';

export function checkOutputs(outputs: unknown): Readonly<Record<string, Tensor>> {
  if (typeof outputs !== 'object' || outputs === null || outputs instanceof Promise) {
    throw badOutput('The result of a tensor function', describeValue(outputs));
  }
  for (const [name, output] of Object.entries(outputs)) {
    if (!(output instanceof Tensor)) throw badOutput(`Output "${name}"`, describeValue(output));
    if (output.dtype !== 'float32') throw badOutput(`Output "${name}"`, describeValue(output));
  }
  return outputs as Readonly<Record<string, Tensor>>;
}

/** For messages: `a tensor [128,1] of float32`, `a promise`, `undefined`. */
export function describeValue(value: unknown): string {
  if (value instanceof Tensor) return `a tensor [${value.shape}] of ${value.dtype}`;
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return 'an array';
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const badOutput = (where: string, got: string): EngineError =>
  new EngineError({
    code: 'ENGINE_FUNCTION_OUTPUT',
    where,
    expected: 'a tensor of float32 for each name',
    got,
    fix: 'Return an object of tensors; cast integers and booleans with tf.cast(x, "float32").',
  });
