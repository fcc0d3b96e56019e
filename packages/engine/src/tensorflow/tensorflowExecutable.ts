/** A session with its memory bound: inputs are read where they lie, outputs are copied once. */
import { checkBuffers } from '../buffers.ts';
import type { Buffers, CompiledFunction, Executable, TensorSpecs } from '../engine.ts';
import { loadKoffi } from './koffi.ts';
import type { TensorflowLibrary } from './library.ts';
import { loadLibc } from './libc.ts';
import { inputNode, outputNode } from './lowerGraph.ts';
import { refused, type Session } from './session.ts';
import { inputTensor, type InputTensor } from './tensorMemory.ts';

/** `release` is called once, by dispose. */
export function tensorflowExecutable(
  library: TensorflowLibrary,
  { inputs, outputs }: Pick<CompiledFunction, 'inputs' | 'outputs'>,
  session: Session,
  release: () => void,
): Executable {
  const names = (specs: TensorSpecs, node: (index: number) => string): BigUint64Array =>
    graphPorts(
      library,
      session,
      Object.keys(specs).map((_, index) => node(index)),
    );
  const inputPorts = names(inputs, inputNode);
  const outputPorts = names(outputs, outputNode);
  const bound = new Set<InputTensor>();
  let disposed = false;

  return {
    inputs,
    outputs,
    bind(inputBuffers, outputBuffers) {
      checkBuffers('input', inputs, inputBuffers);
      checkBuffers('output', outputs, outputBuffers);
      const tensors = Object.entries(inputs).map(([name, { shape }]) =>
        inputTensor(library, inputBuffers[name] as Float32Array, shape),
      );
      for (const tensor of tensors) bound.add(tensor);
      const step = boundStep(library, session, {
        inputPorts,
        outputPorts,
        tensors,
        results: Object.keys(outputs).map((name) => outputBuffers[name] as Float32Array),
        borrowed: inputBuffers,
      });
      return {
        async run() {
          if (disposed) throw new Error('an executable that was disposed cannot run');
          step();
        },
      };
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      for (const { free } of bound) free();
      release();
    },
  };
}

/** An array of TF_Output, { operation, index }: the first output of each node. */
function graphPorts(
  { api }: TensorflowLibrary,
  { graph }: Session,
  nodes: readonly string[],
): BigUint64Array {
  const ports = new BigUint64Array(2 * nodes.length);
  for (const [index, node] of nodes.entries()) {
    const operation = api.TF_GraphOperationByName(graph, node);
    if (operation === null) throw new Error(`The graph has no node ${node}`);
    ports[2 * index] = operation;
  }
  return ports;
}

interface Step {
  readonly inputPorts: BigUint64Array;
  readonly outputPorts: BigUint64Array;
  readonly tensors: readonly InputTensor[];
  readonly results: readonly Float32Array[];
  /** The tensors see the memory by its address only; this keeps it alive. */
  readonly borrowed: Buffers;
}

function boundStep(library: TensorflowLibrary, { session }: Session, step: Step): () => void {
  const { api, status } = library;
  const { inputPorts, outputPorts, tensors, results } = step;
  const { memmove } = loadLibc();
  const copies = tensors.flatMap(({ refresh }) => refresh ?? []);
  const values = BigUint64Array.from(tensors, ({ tensor }) => tensor);
  const fetched = new BigUint64Array(results.length);
  const targets = results.map((view) => {
    void view.buffer;
    return { address: view.length === 0 ? 0n : loadKoffi().address(view), bytes: view.byteLength };
  });

  return () => {
    for (const copy of copies) copy();
    fetched.fill(0n);
    api.TF_SessionRun(
      session,
      null,
      inputPorts,
      values,
      values.length,
      outputPorts,
      fetched,
      fetched.length,
      null,
      0,
      null,
      status,
    );
    if (api.TF_GetCode(status) !== 0) throw refused(api.TF_Message(status));
    for (const [index, { address, bytes }] of targets.entries()) {
      const tensor = fetched[index] ?? 0n;
      if (api.TF_TensorByteSize(tensor) !== bytes) {
        throw new Error(`output ${index} has ${api.TF_TensorByteSize(tensor)} bytes, not ${bytes}`);
      }
      if (bytes > 0) memmove(address, api.TF_TensorData(tensor), bytes);
      api.TF_DeleteTensor(tensor);
    }
    void step;
  };
}
