/**
 * Decodes image files in a piscina pool. A pool, because color conversion and resizing are ours and
 * run in JavaScript; and because a thread of its own keeps sharp out of the training process.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import { DataError } from '../errors.ts';
import { elementCount } from '../shape.ts';
import type { DecodeResult, DecodeTask } from './decodeTask.ts';

/** Files of one task: enough to drown the 0.05 ms a task costs, few enough to balance. */
const filesPerTask = 32;

/** Threads cannot load TypeScript: the entry is the built one, from the sources too. */
const entry = new URL('../../dist/images/decodeWorker.js', import.meta.url);

/** Decodes `job.files` into `job.target`. Throws the first DataError any thread meets. */
export async function decodeInPool(job: DecodeTask): Promise<void> {
  const tasks = splitTasks(job);
  const threads = Math.min(availableParallelism(), tasks.length);
  const pool = new Piscina({
    filename: entry.href,
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    await Promise.all(
      tasks.map(async (task) => {
        const failure = (await pool.run(task, { name: 'decodeImages' })) as DecodeResult;
        if (failure) throw new DataError(failure);
      }),
    );
  } finally {
    // Ends the threads, also those that still work after an error: the process can exit.
    await pool.destroy();
  }
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
