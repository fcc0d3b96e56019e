/**
 * Where everything lies in the arena. Computed once from the configuration; the same everywhere.
 *
 *   0        kernel reserve (the WASM module's own pages)
 *            control words        one per cache line, see ledger.ts
 *            task table           int32 [max(slots, chunks)]
 *            round records        float64 [ROUND_RECORDS][1 + metrics]    weight, loss, metrics ...
 *            slot sums            float64 [slots][1 + metrics]            the same, per slot
 *            chunk norms          float64 [chunks]                        with clipping
 *            metric outputs       float32 [workers][phases][metrics]      what the executable writes
 *            parameters           float32 [2][parameterFloats]            by step parity
 *            moments              float32 [moments][2][parameterFloats]   by step parity
 *            ema                  float32 [2][parameterFloats]            by step parity; with ema
 *            reduced              float32 [parameterFloats]               with clipping
 *            slots                float32 [slots][parameterFloats]
 *            scratch              float32 [workers][parameterFloats]      where a slot sums several
 *                                                                         micro-batches
 *
 * Every block and every tensor starts on a 64-byte boundary; the gaps hold zeros for ever. A block is
 * no multiple of 4096 bytes: the update reads one place of many blocks at a time, and at such a distance
 * they would fall on the same lines of the cache (25 to 50% slower, measured).
 */
import { KERNEL_RESERVED_BYTES } from './kernels/kernels.ts';

const ALIGN_BYTES = 64;
const FLOATS_PER_LINE = ALIGN_BYTES / 4;
/** Floats in one update task: 64 KiB. */
const CHUNK_FLOATS = 16384;
/** Finished rounds that may wait for the coordinator to read them. */
export const ROUND_RECORDS = 1024;
export const CONTROL_WORDS = 16;
const PAGE_BYTES = 65536;

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** The phase of a step that updates it. Default 0. */
  readonly phase?: number;
  /** Which of the update rule's groups it belongs to. Default 0. */
  readonly group?: number;
}

export interface ArenaSpec {
  /** In spec order; the order of the bytes. */
  readonly parameters: readonly TensorSpec[];
  /** Gradient slots. */
  readonly slots: number;
  /** Values that each phase's executable reports for a micro-batch: its loss and its metrics. */
  readonly metrics: readonly number[];
  /** Optimizer moments per parameter. */
  readonly moments: number;
  /** Whether a moving average of the parameters is kept. */
  readonly ema?: boolean;
  readonly workers: number;
  /** Whether the update needs the global norm first. */
  readonly clip: boolean;
  /** Whether a slot sums more than one micro-batch. */
  readonly scratch: boolean;
}

export interface TensorRange {
  readonly name: string;
  readonly shape: readonly number[];
  /** Offset in floats from the start of a parameter block; a multiple of 16. */
  readonly start: number;
  readonly length: number;
  readonly phase: number;
  readonly group: number;
}

/** One update task: part of a run of tensors of one phase and one group, gaps included. */
export interface Chunk {
  /** Offset in floats from the start of a parameter block, and floats: multiples of 16. */
  readonly start: number;
  readonly length: number;
  readonly group: number;
}

/** A phase of a step: one round of compute and update. */
export interface PhaseLayout {
  readonly chunks: readonly Chunk[];
  /** Index of its first chunk among those of all phases. */
  readonly firstChunk: number;
  /** The first of what it reports, among the sums of a record. */
  readonly firstSum: number;
}

export interface ArenaLayout extends ArenaSpec {
  readonly tensors: readonly TensorRange[];
  /** Floats in one block of parameters, gaps included; a multiple of 16. */
  readonly parameterFloats: number;
  readonly phases: readonly PhaseLayout[];
  /** Over all phases. */
  readonly chunks: number;
  /** Values in a round record or slot sum: weight, then loss and metrics of each phase. */
  readonly sums: number;
  readonly offsets: {
    readonly control: number;
    readonly tasks: number;
    readonly rounds: number;
    readonly slotSums: number;
    readonly chunkNorms: number;
    readonly metricOutputs: number;
    readonly parameters: number;
    readonly moments: number;
    readonly ema: number;
    readonly reduced: number;
    readonly slots: number;
    readonly scratch: number;
  };
  readonly pages: number;
}

/** What parameters, moments and gradients take: less than the arena, without laying it out. */
export function leastBytes(spec: Pick<ArenaSpec, 'parameters' | 'moments' | 'slots'>): number {
  return 4 * parameterCount(spec) * (2 + 2 * spec.moments + spec.slots);
}

/** Numbers in all tensors. */
export function parameterCount({ parameters }: Pick<ArenaSpec, 'parameters'>): number {
  return parameters.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** The tensor with most numbers. */
export function largestTensor({
  parameters,
}: Pick<ArenaSpec, 'parameters'>): TensorSpec | undefined {
  const most = Math.max(...parameters.map(({ shape }) => elementCount(shape)));
  return parameters.find(({ shape }) => elementCount(shape) === most);
}

const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export function layoutArena(spec: ArenaSpec): ArenaLayout {
  const tensors: TensorRange[] = [];
  let floats = 0;
  for (const { name, shape, phase = 0, group = 0 } of spec.parameters) {
    const length = elementCount(shape);
    tensors.push({ name, shape, start: floats, length, phase, group });
    floats += roundUp(length, FLOATS_PER_LINE);
  }
  const parameterFloats = spreadFloats(floats);
  const parameterBytes = parameterFloats * 4;
  const phases = layoutPhases(spec, tensors);
  const chunks = phases.reduce((sum, phase) => sum + phase.chunks.length, 0);
  const sums = 1 + spec.metrics.reduce((sum, count) => sum + count, 0);

  let end = KERNEL_RESERVED_BYTES;
  const block = (bytes: number): number => {
    const offset = end;
    end = roundUp(end + bytes, ALIGN_BYTES);
    return offset;
  };
  const offsets = {
    control: block(CONTROL_WORDS * ALIGN_BYTES),
    tasks: block(4 * Math.max(spec.slots, chunks)),
    rounds: block(8 * ROUND_RECORDS * sums),
    slotSums: block(8 * spec.slots * sums),
    chunkNorms: block(8 * chunks),
    metricOutputs: block(spec.workers * spec.metrics.length * metricStride(spec)),
    parameters: block(2 * parameterBytes),
    moments: block(2 * spec.moments * parameterBytes),
    ema: block(spec.ema ? 2 * parameterBytes : 0),
    reduced: block(spec.clip ? parameterBytes : 0),
    slots: block(spec.slots * parameterBytes),
    scratch: block(spec.scratch ? spec.workers * parameterBytes : 0),
  };
  const pages = Math.ceil(end / PAGE_BYTES);
  return { ...spec, tensors, parameterFloats, phases, chunks, sums, offsets, pages };
}

function layoutPhases({ metrics }: ArenaSpec, tensors: readonly TensorRange[]): PhaseLayout[] {
  let firstChunk = 0;
  let firstSum = 1; // after the weight
  return metrics.map((count, phase) => {
    const chunks = chunksOf(tensors, phase);
    const layout = { chunks, firstChunk, firstSum };
    firstChunk += chunks.length;
    firstSum += count;
    return layout;
  });
}

/** Neighbours of one group are cut as one. */
function chunksOf(tensors: readonly TensorRange[], phase: number): Chunk[] {
  const runs: { start: number; end: number; group: number }[] = [];
  for (const tensor of tensors) {
    if (tensor.phase !== phase) continue;
    const { start, length, group } = tensor;
    const end = start + roundUp(length, FLOATS_PER_LINE);
    const run = runs.at(-1);
    if (run?.end === start && run.group === group) run.end = end;
    else runs.push({ start, end, group });
  }
  return runs.flatMap(({ start, end, group }) =>
    Array.from({ length: Math.ceil((end - start) / CHUNK_FLOATS) }, (_, i) => {
      const from = start + i * CHUNK_FLOATS;
      return { start: from, length: Math.min(CHUNK_FLOATS, end - from), group };
    }),
  );
}

/** Smallest and largest distance of a block's length, in bytes, past a multiple of PAGE_SPREAD. */
const PAGE_SPREAD = 4096;
const SPREAD_FROM = 1088;
const SPREAD_TO = 2560;

function spreadFloats(floats: number): number {
  const past = (floats * 4) % PAGE_SPREAD;
  if (past >= SPREAD_FROM && past <= SPREAD_TO) return floats;
  const more = past < SPREAD_FROM ? SPREAD_FROM - past : PAGE_SPREAD - past + SPREAD_FROM;
  return floats + more / 4;
}

/** Bytes from one metric output to the next: whole cache lines, so that no two workers share one. */
export function metricStride({ metrics }: Pick<ArenaSpec, 'metrics'>): number {
  return roundUp(4 * Math.max(...metrics), ALIGN_BYTES);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
