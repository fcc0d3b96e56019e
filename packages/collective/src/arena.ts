/**
 * The arena: one WebAssembly memory that holds all a step reads and writes. Views only; who may
 * write what, and when, is the ledger's business.
 */
import { totalmem } from 'node:os';
import { ArenaTooLargeError } from './errors.ts';
import {
  layoutArena,
  largestTensor,
  leastBytes,
  parameterCount,
  metricStride,
  type ArenaLayout,
  type ArenaSpec,
  type TensorRange,
} from './arenaLayout.ts';

/** WebAssembly's 32-bit address space. */
const MAX_PAGES = 65536;
const PAGE_BYTES = 65536;

export type Parity = 0 | 1;

export interface Arena {
  readonly layout: ArenaLayout;
  readonly memory: WebAssembly.Memory;
}

/**
 * Allocates an arena, zero-filled.
 * @throws ArenaTooLargeError where the memory cannot be had; it says how much was asked for.
 */
export function createArena(spec: ArenaSpec): Arena {
  // Memory is handed out on first touch: asking for more than the machine has would succeed, and
  // kill the process later.
  const machine = Math.min(process.constrainedMemory() || Infinity, totalmem());
  const limit = Math.min(MAX_PAGES * PAGE_BYTES, machine);
  // The layout lists all chunks: of a model far too large, more than fit into memory themselves.
  const least = leastBytes(spec);
  const demand = {
    limit,
    parameters: parameterCount(spec),
    modelBytes: leastBytes({ ...spec, slots: 1 }),
    largest: largestTensor(spec),
    slots: spec.slots,
  };
  if (least > limit) throw new ArenaTooLargeError({ ...demand, bytes: least });
  const layout = layoutArena(spec);
  const bytes = layout.pages * PAGE_BYTES;
  if (bytes > limit) throw new ArenaTooLargeError({ ...demand, bytes });
  try {
    const size = { initial: layout.pages, maximum: layout.pages, shared: true };
    return { layout, memory: new WebAssembly.Memory(size) };
  } catch (cause) {
    throw new ArenaTooLargeError({ ...demand, bytes }, { cause });
  }
}

export function parity(step: number): Parity {
  return (step & 1) as Parity;
}

/** Byte offset of the parameter block of that parity. */
export function parametersOffset({ layout }: Arena, of: Parity): number {
  return layout.offsets.parameters + of * layout.parameterFloats * 4;
}

/** Byte offset of the block of moment `index` of that parity. */
export function momentOffset({ layout }: Arena, index: number, of: Parity): number {
  return layout.offsets.moments + (2 * index + of) * layout.parameterFloats * 4;
}

/** Byte offset of the block of the parameters' moving average of that parity; only with `ema`. */
export function emaOffset({ layout }: Arena, of: Parity): number {
  return layout.offsets.ema + of * layout.parameterFloats * 4;
}

export function slotOffset({ layout }: Arena, slot: number): number {
  return layout.offsets.slots + slot * layout.parameterFloats * 4;
}

export function scratchOffset({ layout }: Arena, worker: number): number {
  return layout.offsets.scratch + worker * layout.parameterFloats * 4;
}

/** A whole parameter-shaped block, gaps included. [parameterFloats] */
export function blockView({ memory, layout }: Arena, byteOffset: number): Float32Array {
  return new Float32Array(memory.buffer, byteOffset, layout.parameterFloats);
}

/** One tensor of a parameter-shaped block. [length] */
export function tensorView(
  { memory }: Arena,
  byteOffset: number,
  tensor: TensorRange,
): Float32Array {
  return new Float32Array(memory.buffer, byteOffset + tensor.start * 4, tensor.length);
}

/** What a worker's executable writes a phase's loss and metrics to. [metrics of the phase] */
export function metricOutput(
  { memory, layout }: Arena,
  worker: number,
  phase: number,
): Float32Array {
  const index = worker * layout.phases.length + phase;
  const offset = layout.offsets.metricOutputs + index * metricStride(layout);
  return new Float32Array(memory.buffer, offset, layout.metrics[phase]);
}

/** Weight, then loss and metrics of each phase, summed over a slot's examples. [sums] */
export function slotSums({ memory, layout }: Arena, slot: number): Float64Array {
  const offset = layout.offsets.slotSums + slot * layout.sums * 8;
  return new Float64Array(memory.buffer, offset, layout.sums);
}

/** Squared norms of the reduced gradient, one per chunk. [chunks] */
export function chunkNorms({ memory, layout }: Arena): Float64Array {
  return new Float64Array(memory.buffer, layout.offsets.chunkNorms, layout.chunks);
}
