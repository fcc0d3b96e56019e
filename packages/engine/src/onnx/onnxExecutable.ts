/** A session with its memory bound: each run reads and writes the caller's bytes, copying nothing. */
import type { InferenceSession } from 'onnxruntime-node';
import { checkBuffers } from '../buffers.ts';
import type { Buffers, CompiledFunction, Executable } from '../engine.ts';
import { inputName, outputName } from './borders.ts';
import { unsharedView } from './aliasMemory.ts';
import type { Provider } from './providers.ts';
import { createSession, loadRuntime, type FloatTensor } from './runtime.ts';

export async function onnxExecutable(
  { inputs, outputs }: CompiledFunction,
  model: Uint8Array,
  provider: Provider,
): Promise<Executable> {
  const { Tensor } = await loadRuntime();
  const session = await createSession(model, provider);

  /** Tensors on the caller's memory, in the shapes that the model declares (borders.ts). */
  const tensorsOn = (
    metadata: readonly InferenceSession.ValueMetadata[],
    onnxName: (name: string) => string,
    buffers: Buffers,
  ): Record<string, FloatTensor> => {
    const shapes = new Map(
      metadata.map((value) => [value.name, value.isTensor ? value.shape : []]),
    );
    return Object.fromEntries(
      Object.entries(buffers).map(([name, buffer]) => {
        const shape = shapes.get(onnxName(name)) as readonly number[];
        return [onnxName(name), new Tensor('float32', unsharedView(buffer), shape)];
      }),
    );
  };

  return {
    inputs,
    outputs,
    bind(inputBuffers, outputBuffers) {
      checkBuffers('input', inputs, inputBuffers);
      checkBuffers('output', outputs, outputBuffers);
      const feeds: InferenceSession.FeedsType = tensorsOn(
        session.inputMetadata,
        inputName,
        inputBuffers,
      );
      const fetches: InferenceSession.FetchesType = tensorsOn(
        session.outputMetadata,
        outputName,
        outputBuffers,
      );
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
