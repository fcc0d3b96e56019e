/**
 * Decodes image files in a piscina pool. A pool, because color conversion and resizing are ours and
 * run in JavaScript; and because a thread of its own keeps sharp out of the training process.
 */
import { availableParallelism } from 'node:os';
import { DataError } from '../errors.ts';
import { elementCount } from '../shape.ts';
import { startThreads, type ThreadPool } from '../threads/threadPool.ts';
import type { DecodeResult, DecodeTask } from './decodeTask.ts';

/** Files of one task: enough to drown the 0.05 ms a task costs, few enough to balance. */
const filesPerTask = 32;

/** Threads cannot load TypeScript: the entry is the built one, from the sources too. */
const entry = new URL('../../dist/images/decodeWorker.js', import.meta.url);

export interface DecodePool {
  /** Decodes `job.files` into `job.target`. Throws the DataError of the first bad image. */
  decode(job: DecodeTask): Promise<void>;
  /** Ends the threads: the process can exit. Call it when nothing is being decoded. */
  close(): Promise<void>;
}

/** For many jobs. */
export function openDecodePool(): DecodePool {
  let pool: ThreadPool | undefined;
  let running = 0;
  return {
    async decode(job) {
      const tasks = splitTasks(job);
      const threads = Math.min(availableParallelism(), tasks.length);
      running++;
      try {
        // Made for the first job, since few images need few threads; anew for a larger one.
        if (pool && running === 1 && pool.threads < threads) {
          await pool.close();
          pool = undefined;
        }
        pool ??= await startThreads(entry, threads);
        await runInOrder(pool, tasks);
      } finally {
        running--;
      }
    },
    close: async () => pool?.close(),
  };
}

/**
 * As many tasks at a time as there are threads, none after a failure, and no return before those under
 * way are done. As tasks start in their order, the failure of the earliest is known.
 */
async function runInOrder(pool: ThreadPool, tasks: readonly DecodeTask[]): Promise<void> {
  const failures = new Map<number, unknown>();
  const waiting = tasks.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [i, task] of waiting) {
      try {
        const failure = (await pool.run(task, 'decodeImages')) as DecodeResult;
        if (failure) throw new DataError(failure);
      } catch (error) {
        failures.set(i, error);
      }
      if (failures.size > 0) return;
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, takeTurns));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
}

function splitTasks(job: DecodeTask): DecodeTask[] {
  const size = elementCount(job.shape);
  const tasks: DecodeTask[] = [];
  for (let first = 0; first < job.files.length; first += filesPerTask) {
    const files = job.files.slice(first, first + filesPerTask);
    const target = job.target.subarray(first * size, (first + files.length) * size);
    tasks.push({ ...job, files, target });
  }
  return tasks;
}
