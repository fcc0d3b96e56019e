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
import { createUpdate } from './optimizers/createUpdate.ts';
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

  let norm = { step: -1, sum: 0 };
  /** L2 norm of the summed gradient: from all chunks, in their order, once for each step. */
  function gradientNorm(step: number): number {
    if (norm.step !== step) norm = { step, sum: norms.reduce((sum, square) => sum + square, 0) };
    return Math.sqrt(norm.sum);
  }

  /** Factor from the sum over examples to the clipped gradient of the mean. */
  function gradientScale(step: number, weight: number): number {
    if (rule.clipNorm === undefined) return 1 / weight;
    return clipCoefficient(gradientNorm(step) / weight, rule.clipNorm) / weight;
  }

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
      const { offset, length } = chunkRange(chunk);
      const from = parity(step);
      const to = parity(step + 1);
      const moments = Array.from({ length: layout.moments }, (_, index) => index);
      update(
        {
          slots: (clips ? offsets.reduced : slotOffset(arena, 0)) + offset,
          slotStride,
          slotCount: clips ? 1 : layout.slots,
          parametersIn: parametersOffset(arena, from) + offset,
          parametersOut: parametersOffset(arena, to) + offset,
          momentsIn: moments.map((index) => momentOffset(arena, index, from) + offset),
          momentsOut: moments.map((index) => momentOffset(arena, index, to) + offset),
          length,
        },
        {
          step,
          learningRate: learningRate(rule.schedule, rule.learningRate, step, rule.totalSteps),
          scale: gradientScale(step, weight),
        },
      );
    },
  };
}
