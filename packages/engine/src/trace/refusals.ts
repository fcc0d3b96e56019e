/** What a function must not do while it is traced, and what to do instead. */
import { EngineError } from '../errors.ts';
import { scopePath } from './scope.ts';

const here = (): string => `Tracing ${scopePath() || 'the function'}`;

export const unsupportedKernel = (kernel: string): EngineError =>
  new EngineError({
    code: 'ENGINE_UNSUPPORTED_KERNEL',
    where: here(),
    expected: 'tfjs kernels that the step compiler can record',
    got: `"${kernel}"`,
    fix:
      'Write this part of the model with other operations, add a recorder in ' +
      'engine/src/trace/kernels, or run with --engine eager:cpu.',
  });

export const tracedValueRead = (): EngineError =>
  new EngineError({
    code: 'ENGINE_TRACED_VALUE_READ',
    where: here(),
    expected: 'a function that computes with tensors only',
    got: "a read of a tensor's value (data, dataSync, array, print, or an `if` on a number)",
    fix:
      'The function runs once, on symbolic tensors that have no values yet. Choose with tf.where ' +
      'instead of `if`, or run with --engine eager:cpu.',
  });

export const hiddenRandomness = (operation: string): EngineError =>
  new EngineError({
    code: 'MODEL_HIDDEN_RANDOMNESS',
    where: here(),
    expected: 'a pure function: its result depends on its arguments only',
    got: `tf.${operation}`,
    fix:
      "It would give the same numbers in every step. Declare the noise in the model's `noise` and " +
      'take it from the argument.',
  });

export const keptTensor = (count: number): EngineError =>
  new EngineError({
    code: 'MODEL_KEPT_TENSOR',
    where: here(),
    expected: 'a pure function: no tensor outlives the call that made it',
    got: `${count} kept tensor${count === 1 ? '' : 's'} (tf.keep, tf.variable)`,
    fix: 'Make tensors inside the function where they are used; a constant costs nothing there.',
  });

export const disposedTensor = (): EngineError =>
  new EngineError({
    code: 'MODEL_DISPOSED_TENSOR',
    where: here(),
    expected: 'tensors that have not been disposed',
    got: 'one that has been',
    fix:
      'In a gradient (tf.customGrad) a tensor must be saved with `save` to live on; tf.logSigmoid ' +
      'forgets to: write tf.neg(tf.softplus(tf.neg(x))). Elsewhere, dispose or tidy later.',
  });
