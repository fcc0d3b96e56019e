/**
 * The engine interface: compile a pure tensor function once, load it in every worker, run it many
 * times on memory that the caller owns.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

/** Every tensor that crosses the engine's border is float32. */
export interface TensorSpec {
  readonly shape: readonly number[];
}

export type TensorSpecs = Readonly<Record<string, TensorSpec>>;

/** A pure function over named tensors with fixed shapes; no output has the name of an input. */
export interface TensorFunction {
  readonly inputs: TensorSpecs;
  apply(inputs: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
}

/** What compile returns: plain data that structured clone can send to a worker. */
export interface CompiledFunction {
  readonly engine: string;
  readonly inputs: TensorSpecs;
  readonly outputs: TensorSpecs;
  /** The lowered graph (ONNX bytes); absent where the engine runs the function itself. */
  readonly graph?: Uint8Array;
  /** What the graph takes for granted of the processor it runs on: floats in a block of channels. */
  readonly channelBlock?: number | undefined;
  /** Whether XLA compiles parts of the graph: the bits depend on it. */
  readonly xla?: boolean | undefined;
  /** Where in this process what its threads share lies; of no use in another, and no harm. */
  readonly session?: string | undefined;
}

/** Buffers by name; each has exactly as many elements as its spec's shape. */
export type Buffers = Readonly<Record<string, Float32Array>>;

/** One executable with its memory fixed. `run` reads the inputs' memory and writes the outputs'. */
export interface BoundExecutable {
  run(): Promise<void>;
}

export interface Executable {
  readonly inputs: TensorSpecs;
  readonly outputs: TensorSpecs;
  /** Buffers are borrowed, may lie on a SharedArrayBuffer, and are aliased where the runtime can. */
  bind(inputs: Buffers, outputs: Buffers): BoundExecutable;
  dispose(): Promise<void>;
}

export interface EngineOptions {
  /** Compile clusters of operations with XLA; `tensorflow` only. The bits depend on it. */
  readonly xla?: boolean;
}

export interface Engine {
  /** As the user names it: `onnx`, `eager:cpu`. */
  readonly name: string;
  /** Checks the function, traces and lowers it. Runs once, in the coordinator. */
  compile(fn: TensorFunction): Promise<CompiledFunction>;
  /**
   * Makes it runnable in this thread. `source` yields the function itself, for the engines that run
   * it eagerly; compiled engines never call it.
   */
  load(compiled: CompiledFunction, source: () => Promise<TensorFunction>): Promise<Executable>;
}
