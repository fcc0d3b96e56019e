/** A session with its memory bound: each run reads and writes the caller's bytes, copying nothing. */
import type { InferenceSession } from 'onnxruntime-node';
import { checkBuffers } from '../buffers.ts';
import type { Buffers, CompiledFunction, Executable, TensorSpecs } from '../engine.ts';
import { unsharedView } from './aliasMemory.ts';
import { createSession, loadRuntime, type FloatTensor } from './runtime.ts';

export async function onnxExecutable(
  { inputs, outputs }: CompiledFunction,
  model: Uint8Array,
): Promise<Executable> {
  const { Tensor } = await loadRuntime();
  const session = await createSession(model);

  const tensorsOn = (specs: TensorSpecs, buffers: Buffers): Record<string, FloatTensor> =>
    Object.fromEntries(
      Object.entries(specs).map(([name, { shape }]) => [
        name,
        new Tensor('float32', unsharedView(buffers[name] as Float32Array), shape),
      ]),
    );

  return {
    inputs,
    outputs,
    bind(inputBuffers, outputBuffers) {
      checkBuffers('input', inputs, inputBuffers);
      checkBuffers('output', outputs, outputBuffers);
      const feeds: InferenceSession.FeedsType = tensorsOn(inputs, inputBuffers);
      const fetches: InferenceSession.FetchesType = tensorsOn(outputs, outputBuffers);
      // The tensors see the memory by its address only; these keep it alive.
      const borrowed = [inputBuffers, outputBuffers];
      return {
        async run() {
          await session.run(feeds, fetches);
          void borrowed;
        },
      };
    },
    dispose: () => session.release(),
  };
}
