/** Runs tensor functions as they are, operation by operation, on a tfjs backend. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBuffers } from '../buffers.ts';
import type {
  Buffers,
  CompiledFunction,
  Engine,
  Executable,
  TensorFunction,
  TensorSpecs,
} from '../engine.ts';
import { EngineError } from '../errors.ts';
import { registerGradients } from '../registerGradients.ts';
import { checkOutputs } from '../tensorFunctionOutputs.ts';
import { onBackend, startBackend } from './backends.ts';
import { inferOutputs } from './inferOutputs.ts';
import { namedKernel } from './missingKernel.ts';
import { shapeText } from '../shapeText.ts';

/** `backend` is one of those that we load on demand (backendLoaders.ts), or one that is registered. */
export async function createEagerEngine(backend: string): Promise<Engine> {
  await startBackend(backend);
  registerGradients();
  const name = `eager:${backend}`;
  return {
    name,
    async compile(fn): Promise<CompiledFunction> {
      return { engine: name, inputs: fn.inputs, outputs: await inferOutputs(fn, backend) };
    },
    async load(compiled, source): Promise<Executable> {
      return eagerExecutable(backend, compiled, await source());
    },
  };
}

function eagerExecutable(
  backend: string,
  { inputs, outputs }: CompiledFunction,
  fn: TensorFunction,
): Executable {
  return {
    inputs,
    outputs,
    bind(inputBuffers, outputBuffers) {
      checkBuffers('input', inputs, inputBuffers);
      checkBuffers('output', outputs, outputBuffers);
      return {
        async run() {
          const results = await applyOn(backend, fn, inputs, inputBuffers);
          try {
            await copyResults(results, outputs, outputBuffers);
          } finally {
            tf.dispose(results);
          }
        },
      };
    },
    async dispose() {},
  };
}

async function applyOn(
  backend: string,
  fn: TensorFunction,
  specs: TensorSpecs,
  buffers: Buffers,
): Promise<Record<string, Tensor>> {
  try {
    return onBackend(backend, () => apply(backend, fn, specs, buffers));
  } catch (error) {
    throw await namedKernel(error, backend);
  }
}

function apply(
  backend: string,
  fn: TensorFunction,
  specs: TensorSpecs,
  buffers: Buffers,
): Record<string, Tensor> {
  return tf.tidy(() => {
    const tensors = Object.entries(specs).map(([name, { shape }]): [string, Tensor] => {
      const buffer = buffers[name] as Float32Array;
      // The cpu backend reads the caller's memory in place. Others upload, and may refuse shared memory.
      const values = backend === 'cpu' ? buffer : new Float32Array(buffer);
      return [name, tf.tensor(values, [...shape], 'float32')];
    });
    return { ...checkOutputs(fn.apply(Object.fromEntries(tensors)), fn) };
  });
}

async function copyResults(
  results: Readonly<Record<string, Tensor>>,
  specs: TensorSpecs,
  buffers: Buffers,
): Promise<void> {
  const reads: Promise<void>[] = [];
  for (const [name, { shape }] of Object.entries(specs)) {
    const result = results[name];
    if (!result || result.shape.join() !== shape.join()) {
      throw new EngineError({
        code: 'ENGINE_FUNCTION_CHANGED',
        where: `Output "${name}"`,
        expected: `the function that was compiled: a tensor ${shapeText(shape)}`,
        got: result ? `a tensor ${shapeText(result.shape)}` : 'nothing',
        fix: 'Load the very function that was compiled; it must not depend on anything else.',
      });
    }
    // All at once: a GPU is waited for once, not for each.
    reads.push(result.data().then((values) => buffers[name]?.set(values)));
  }
  await Promise.all(reads);
}
