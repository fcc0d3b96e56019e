/** What a tensor function gave back, checked where it comes in: user code may return anything. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFunction } from './engine.ts';
import { EngineError } from './errors.ts';
import { tfjs } from './tfjs.ts';
import { shapeText } from './shapeText.ts';

export function checkOutputs(
  outputs: unknown,
  { inputs }: TensorFunction,
): Readonly<Record<string, Tensor>> {
  const isRecord = typeof outputs === 'object' && outputs !== null && !Array.isArray(outputs);
  if (!isRecord || outputs instanceof Promise || isTensor(outputs)) {
    throw badOutput('The result of a tensor function', describeValue(outputs));
  }
  for (const [name, output] of Object.entries(outputs)) {
    if (!isTensor(output)) throw badOutput(`Output "${name}"`, describeValue(output));
    if (output.dtype !== 'float32') throw badOutput(`Output "${name}"`, describeValue(output));
    if (name in inputs) throw badOutput(`Output "${name}"`, 'the name of an input');
  }
  return outputs as Readonly<Record<string, Tensor>>;
}

export const isTensor = (value: unknown): value is Tensor => value instanceof tfjs().Tensor;

/** For messages: `a tensor [128,1] of float32`, `a promise`, `undefined`. */
export function describeValue(value: unknown): string {
  if (isTensor(value)) return `a tensor ${shapeText(value.shape)} of ${value.dtype}`;
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return 'an array';
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const badOutput = (where: string, got: string): EngineError =>
  new EngineError({
    code: 'ENGINE_FUNCTION_OUTPUT',
    where,
    expected: "a tensor of float32 for each name, none of them an input's",
    got,
    fix: 'Return an object of tensors; cast integers and booleans with tf.cast(x, "float32").',
  });
