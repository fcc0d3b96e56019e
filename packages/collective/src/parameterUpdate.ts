/**
 * One step's update of the parameters, a chunk at a time: from the gradient slots and one parity's
 * parameters and moments to the other parity's. A chunk's result depends on nothing else, so chunks
 * may run in any order, anywhere, twice.
 */
import {
  chunkNorms,
  momentOffset,
  parametersOffset,
  parity,
  slotOffset,
  type Arena,
} from './arena.ts';
import { CHUNK_FLOATS } from './arenaLayout.ts';
import type { Kernels } from './kernels/kernels.ts';
import type { OptimizerConfig } from './optimizers/config.ts';
import { createUpdate, type UpdateStep } from './optimizers/createUpdate.ts';
import { clipCoefficient } from './optimizers/clip.ts';
import { learningRate, type ScheduleConfig } from './schedules/schedule.ts';

export interface UpdateRule {
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  readonly learningRate: number;
  readonly totalSteps: number;
  /** Clip the gradient of the mean loss to this global L2 norm. */
  readonly clipNorm?: number;
}

export interface ParameterUpdate {
  /** Reduces a chunk of the slots and notes its squared norm; only where the rule clips. */
  reduce(chunk: number): void;
  /**
   * Updates a chunk.
   * @param step steps finished before this one
   * @param weight examples that counted in this step; the slots hold sums over them
   */
  apply(chunk: number, step: number, weight: number): void;
}

/** Byte offsets of the blocks a step reads and writes, and its scalars. */
interface PreparedStep {
  readonly parametersIn: number;
  readonly parametersOut: number;
  readonly momentsIn: readonly number[];
  readonly momentsOut: readonly number[];
  readonly settings: UpdateStep;
}

export function createParameterUpdate(
  arena: Arena,
  kernels: Kernels,
  rule: UpdateRule,
): ParameterUpdate {
  const { layout } = arena;
  const { parameterFloats, offsets } = layout;
  const slotStride = parameterFloats * 4;
  const update = createUpdate(kernels, rule.optimizer);
  const norms = chunkNorms(arena);
  const clips = rule.clipNorm !== undefined;

  function chunkRange(chunk: number): { offset: number; length: number } {
    const start = chunk * CHUNK_FLOATS;
    return { offset: start * 4, length: Math.min(CHUNK_FLOATS, parameterFloats - start) };
  }

  /** Factor from the sum over examples to the clipped gradient of the mean. */
  function gradientScale(weight: number): number {
    if (rule.clipNorm === undefined) return 1 / weight;
    const squares = norms.reduce((sum, square) => sum + square, 0); // in chunk order
    return clipCoefficient(Math.sqrt(squares) / weight, rule.clipNorm) / weight;
  }

  /** What all chunks of a step share; made once, since a chunk takes but microseconds. */
  function prepareStep(step: number, weight: number): PreparedStep {
    const from = parity(step);
    const to = parity(step + 1);
    const moments = Array.from({ length: layout.moments }, (_, index) => index);
    return {
      parametersIn: parametersOffset(arena, from),
      parametersOut: parametersOffset(arena, to),
      momentsIn: moments.map((index) => momentOffset(arena, index, from)),
      momentsOut: moments.map((index) => momentOffset(arena, index, to)),
      settings: {
        step,
        learningRate: learningRate(rule.schedule, rule.learningRate, step, rule.totalSteps),
        scale: gradientScale(weight),
      },
    };
  }

  const slots = clips ? offsets.reduced : slotOffset(arena, 0);
  const slotCount = clips ? 1 : layout.slots;
  let prepared: PreparedStep | undefined;

  return {
    reduce(chunk) {
      const { offset, length } = chunkRange(chunk);
      norms[chunk] = kernels.reduce({
        slots: slotOffset(arena, 0) + offset,
        slotStride,
        slotCount: layout.slots,
        out: offsets.reduced + offset,
        length,
      });
    },

    apply(chunk, step, weight) {
      if (prepared?.settings.step !== step) prepared = prepareStep(step, weight);
      const { parametersIn, parametersOut, momentsIn, momentsOut, settings } = prepared;
      const { offset, length } = chunkRange(chunk);
      update(
        {
          slots: slots + offset,
          slotStride,
          slotCount,
          parametersIn: parametersIn + offset,
          parametersOut: parametersOut + offset,
          momentsIn: momentsIn.map((moment) => moment + offset),
          momentsOut: momentsOut.map((moment) => moment + offset),
          length,
        },
        settings,
      );
    },
  };
}
