/**
 * The plan of a step: how the global batch is cut into micro-batches, and which gradient slot adds
 * up which of them. It follows from the configuration and the data's size alone, never from how
 * many workers there are; that is what keeps the bits the same.
 *
 *   epoch       |------- batchSize -------|------- batchSize -------|-- the rest --|
 *   step        | m | m | m | m | m | m | m(short)
 *   slots       |   0   | 1 |   2   | 3 |  ...        contiguous runs of micro-batches
 *
 * Positions are places in the epoch's shuffled order. Every position belongs to exactly one step
 * and one micro-batch; a micro-batch past the end of the last step is empty (weight 0).
 */

/** Half-open: begin <= i < end. */
export interface Range {
  readonly begin: number;
  readonly end: number;
}

export interface StepPlanOptions {
  /** Training examples in an epoch. */
  readonly examples: number;
  readonly batchSize: number;
  /** No more of it is used than a step has examples. */
  readonly microBatch?: number;
  /** At most so many gradient slots; fewer when a step has fewer micro-batches. */
  readonly slots?: number;
}

export interface StepPlan {
  readonly examples: number;
  readonly batchSize: number;
  /** m: examples in a full micro-batch. */
  readonly microBatch: number;
  /** M: micro-batches of a step. */
  readonly microBatches: number;
  /** S: gradient slots. */
  readonly slots: number;
  readonly stepsPerEpoch: number;
  /** The run of micro-batches that slot `slot` adds up, in order; never empty. */
  slotRange(slot: number): Range;
  /** Positions of the examples of step `stepInEpoch`. */
  stepRange(stepInEpoch: number): Range;
  /** Positions of one micro-batch of that step; empty past the end of an uneven last batch. */
  microBatchRange(stepInEpoch: number, microBatch: number): Range;
}

/** Upper bound of S: parallelism against memory (S gradients are held at once). */
export const DEFAULT_SLOTS = 16;

const MOST_PER_MICRO_BATCH = 128;

/** About a quarter of the batch, at most 128, with the least padding for that many micro-batches. */
export function defaultMicroBatch(batchSize: number): number {
  const wanted = Math.min(Math.max(Math.ceil(batchSize / 4), 1), MOST_PER_MICRO_BATCH);
  const microBatches = Math.ceil(batchSize / wanted);
  return Math.ceil(batchSize / microBatches);
}

export function planSteps({
  examples,
  batchSize,
  microBatch: askedMicroBatch = defaultMicroBatch(batchSize),
  slots: mostSlots = DEFAULT_SLOTS,
}: StepPlanOptions): StepPlan {
  for (const [name, value] of Object.entries({
    examples,
    batchSize,
    microBatch: askedMicroBatch,
    mostSlots,
  })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`planSteps: ${name} = ${value}`);
  }
  // A batch larger than the data is the whole of the data.
  const largestStep = Math.min(batchSize, examples);
  const microBatch = Math.min(askedMicroBatch, largestStep);
  const microBatches = Math.ceil(largestStep / microBatch);
  const slots = Math.min(microBatches, mostSlots);

  const stepRange = (stepInEpoch: number): Range => ({
    begin: Math.min(stepInEpoch * batchSize, examples),
    end: Math.min((stepInEpoch + 1) * batchSize, examples),
  });
  return {
    examples,
    batchSize,
    microBatch,
    microBatches,
    slots,
    stepsPerEpoch: Math.ceil(examples / batchSize),
    stepRange,
    slotRange: (slot) => ({
      begin: Math.floor((slot * microBatches) / slots),
      end: Math.floor(((slot + 1) * microBatches) / slots),
    }),
    microBatchRange: (stepInEpoch, index) => {
      const step = stepRange(stepInEpoch);
      const at = (i: number) => Math.min(step.begin + i * microBatch, step.end);
      return { begin: at(index), end: at(index + 1) };
    },
  };
}
