/**
 * Which positions of an epoch's order each micro-batch takes. A function of the job's configuration
 * alone: the same whatever the number of workers, and every position exactly once an epoch.
 */
export interface BatchSizes {
  /** Examples in the dataset. */
  readonly examples: number;
  /** Examples in a global batch; the last one of an epoch may have fewer. */
  readonly batchSize: number;
  readonly microBatch: number;
}

/** Steps in one epoch. */
export function stepsPerEpoch(sizes: BatchSizes): number {
  return Math.ceil(sizes.examples / sizes.batchSize);
}

/** Micro-batches in one step. */
export function microBatchesPerStep(sizes: BatchSizes): number {
  return Math.ceil(sizes.batchSize / sizes.microBatch);
}

/** Positions of micro-batch `index` in step `step` (counted within the epoch); count may be 0. */
export function microBatchPositions(
  sizes: BatchSizes,
  step: number,
  index: number,
): { readonly start: number; readonly count: number } {
  const { examples, batchSize, microBatch } = sizes;
  const stepEnd = Math.min(examples, (step + 1) * batchSize);
  const start = Math.min(stepEnd, step * batchSize + index * microBatch);
  return { start, count: Math.min(microBatch, stepEnd - start) };
}
