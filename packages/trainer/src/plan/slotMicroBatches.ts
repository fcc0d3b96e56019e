/** Which examples a slot of a round works on, as positions in the epoch's order. */
import type { StepPlan } from '../config/microBatches.ts';

export interface MicroBatchRange {
  readonly epoch: number;
  /** First position in the epoch's order. */
  readonly start: number;
  /** Examples that count; the rest of the micro-batch is padding. */
  readonly count: number;
}

/** @param round rounds since the first epoch began; each takes one global batch */
export function slotMicroBatches(
  plan: StepPlan,
  { round, slot }: { readonly round: number; readonly slot: number },
): MicroBatchRange[] {
  // Data with fewer examples than the arena's slots could take (a small test set) leaves some idle.
  if (slot >= plan.slots) return [];
  const epoch = Math.floor(round / plan.stepsPerEpoch);
  const stepInEpoch = round % plan.stepsPerEpoch;
  const ranges: MicroBatchRange[] = [];
  const { begin, end } = plan.slotRange(slot);
  for (let index = begin; index < end; index++) {
    const positions = plan.microBatchRange(stepInEpoch, index);
    const count = positions.end - positions.begin;
    if (count > 0) ranges.push({ epoch, start: positions.begin, count });
  }
  return ranges;
}
