/**
 * The worker's half of the trainer, apart so that a worker thread loads nothing else: models only
 * where a job runs their own code.
 */
export { runBlock } from './runBlock.ts';
export { runRows } from './runRows.ts';
export { runWorker } from './runWorker.ts';
export type { WorkerJob, WorkerResult } from './job.ts';
