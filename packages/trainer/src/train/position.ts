/** Where a run stands, from its step count: everything else about position follows. */
export interface Schedule {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Write a checkpoint after so many steps, beside the one after each epoch. */
  readonly checkpointEverySteps?: number | undefined;
}

/** The next step at which training pauses: an epoch's end, a checkpoint, the last step. */
export function nextPause(step: number, schedule: Schedule): number {
  const { stepsPerEpoch, totalSteps, checkpointEverySteps } = schedule;
  const after = (every: number): number => (Math.floor(step / every) + 1) * every;
  return Math.min(
    totalSteps,
    after(stepsPerEpoch),
    checkpointEverySteps === undefined ? Infinity : after(checkpointEverySteps),
  );
}

/** Examples seen after `step` steps; an epoch's last batch may be smaller. */
export function examplesSeen(
  step: number,
  {
    stepsPerEpoch,
    batchSize,
    examples,
  }: { stepsPerEpoch: number; batchSize: number; examples: number },
): number {
  const epochs = Math.floor(step / stepsPerEpoch);
  return epochs * examples + Math.min((step % stepsPerEpoch) * batchSize, examples);
}
