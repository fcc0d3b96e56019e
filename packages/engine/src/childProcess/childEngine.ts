/**
 * An engine whose runtime is one for the whole process, or must be told its GPU before it loads: it runs
 * in a child process of each worker. What crosses is the graph, once, and the buffers of each step, copied once each way. While the child computes, the worker's own loop goes on.
 */
import { serialize } from 'node:v8';
import { checkBuffers } from '../buffers.ts';
import type { CompiledFunction, Engine, Executable, TensorFunction } from '../engine.ts';
import { EngineError } from '../errors.ts';
import { outputSpecs } from '../outputSpecs.ts';
import type { EngineChildOptions } from './engineChild.ts';
import { SharedChild } from './sharedChild.ts';

const children = new Map<string, SharedChild>();
let executables = 0;

/** What another engine's compile gives, or `traced`: without the engine's name. */
type Compile = (fn: TensorFunction) => Promise<Omit<CompiledFunction, 'engine'>>;

/** Starts the child, so that what cannot work is refused here. Throws what its engine throws. */
export async function createChildEngine(
  options: EngineChildOptions,
  compile: Compile = traced,
): Promise<Engine> {
  const { engine: name } = options;
  const shared = children.get(name) ?? new SharedChild(options);
  children.set(name, shared);
  (await shared.borrow()).release();
  return {
    name,
    async compile(fn) {
      const compiled: CompiledFunction = { ...(await compile(fn)), engine: name };
      // What the child cannot run it says while it loads: before any worker has begun.
      await (await loadInChild(shared, compiled)).dispose();
      return compiled;
    },
    async load(compiled) {
      if (compiled.engine !== name) throw mismatch(name, compiled.engine);
      return loadInChild(shared, compiled);
    },
  };
}

/** For eager engines: the child runs the trace, kernel by kernel. */
async function traced(fn: TensorFunction): Promise<Omit<CompiledFunction, 'engine'>> {
  const { traceFunction } = await import('../trace/traceFunction.ts');
  const graph = traceFunction(fn);
  return {
    inputs: fn.inputs,
    outputs: outputSpecs(graph),
    graph: new Uint8Array(serialize(graph)),
  };
}

async function loadInChild(shared: SharedChild, compiled: CompiledFunction): Promise<Executable> {
  const { child, release } = await shared.borrow();
  const executable = ++executables;
  try {
    await child.request({ kind: 'load', executable, compiled });
  } catch (error) {
    release();
    throw error;
  }
  const { inputs, outputs } = compiled;
  let disposed = false;
  return {
    inputs,
    outputs,
    bind(inputBuffers, outputBuffers) {
      checkBuffers('input', inputs, inputBuffers);
      checkBuffers('output', outputs, outputBuffers);
      return {
        async run() {
          const results = await child.request({ kind: 'run', executable, inputs: inputBuffers });
          for (const [name, values] of Object.entries(results)) outputBuffers[name]?.set(values);
        },
      };
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      if (child.alive) await child.request({ kind: 'unload', executable });
      release();
    },
  };
}

const mismatch = (name: string, got: string): EngineError =>
  new EngineError({
    code: 'ENGINE_MISMATCH',
    where: `Engine "${name}"`,
    expected: 'a function that it compiled itself',
    got: `one compiled by "${got}"`,
    fix: 'Compile and load with one engine.',
  });
