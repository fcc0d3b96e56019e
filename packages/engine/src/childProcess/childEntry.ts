/**
 * The child process: runs one engine for one worker, and ends with it. Its graphs come compiled or
 * traced, so none of the user's code runs here.
 */
import { deserialize } from 'node:v8';
import { allocate } from '../gradientError.ts';
import { createEagerEngine } from '../eager/eagerEngine.ts';
import { checkKernels } from '../eager/missingKernel.ts';
import type { Buffers, CompiledFunction, Engine, Executable, TensorFunction } from '../engine.ts';
import { EngineError } from '../errors.ts';
import type { Graph } from '../graph.ts';
import { interpretGraph } from './interpretGraph.ts';
import type { ChildFailure, ChildReply, ChildRequest } from './messages.ts';

interface Loaded {
  readonly executable: Executable;
  readonly outputs: Record<string, Float32Array>;
}

let engine: Engine | undefined;
const loaded = new Map<number, Loaded>();
/** Requests are answered in order, one at a time. */
let last = Promise.resolve();

process.on('message', (request: ChildRequest) => {
  last = last.then(async () => reply(await answer(request)));
});
// The worker has gone: its thread, or the whole process.
process.on('disconnect', () => process.exit(0));
// Signals to the whole group (Ctrl-C, a scheduler's) are for the parent, which may finish its step.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function answer(request: ChildRequest): Promise<ChildReply> {
  try {
    return { ok: true, outputs: await obey(request) };
  } catch (error) {
    return { ok: false, error: failure(error) };
  }
}

async function obey(request: ChildRequest): Promise<Buffers> {
  switch (request.kind) {
    case 'start':
      engine = await createHere(request.engine);
      return {};
    case 'load':
      await load(request.executable, request.compiled);
      return {};
    case 'run':
      return run(request.executable, request.inputs);
    case 'unload':
      await loaded.get(request.executable)?.executable.dispose();
      loaded.delete(request.executable);
      return {};
  }
}

/** Not createEngine: that would start a child. */
async function createHere(name: string): Promise<Engine> {
  if (name.startsWith('onnx')) {
    const { createOnnxEngine } = await import('../onnx/onnxEngine.ts');
    return createOnnxEngine(name);
  }
  return createEagerEngine(name.slice('eager:'.length));
}

async function load(id: number, compiled: CompiledFunction): Promise<void> {
  if (!engine) throw new Error('a child that was not started');
  const here = { ...compiled, engine: engine.name };
  const executable = await engine.load(here, () => tracedFunction(here));
  loaded.set(id, { executable, outputs: allocate(executable.outputs) });
}

/** For an eager engine: its graph is the trace, run kernel by kernel. */
async function tracedFunction({
  engine,
  inputs,
  graph,
}: CompiledFunction): Promise<TensorFunction> {
  if (!graph) throw new Error('a function compiled without its graph');
  const traced = deserialize(graph) as Graph;
  await checkKernels(traced, engine.slice('eager:'.length));
  return { inputs, apply: (tensors) => interpretGraph(traced, tensors) };
}

async function run(id: number, inputs: Buffers): Promise<Buffers> {
  const found = loaded.get(id);
  if (!found) throw new Error(`no executable ${id}`);
  await found.executable.bind(inputs, found.outputs).run();
  return found.outputs;
}

function failure(error: unknown): ChildFailure {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof EngineError)) return { message, stack };
  const { code, where, expected, got, fix } = error;
  return { message, stack, details: { code, where, expected, got, fix } };
}

/** Into a channel that has closed there is nothing to say: the process ends by it. */
function reply(message: ChildReply): void {
  if (process.connected) process.send?.(message, () => undefined);
}
