/**
 * Makes examples of recordings in a piscina pool, as images are decoded. What each task does depends on
 * its examples alone, and results are joined in the order of tasks: the same on any number of threads.
 */
import { availableParallelism } from 'node:os';
import { DataError } from '../errors.ts';
import { audioShape } from './audioFormat.ts';
import type { EncodeTask, Loudness, MeasureTask, TaskResult } from './decodeTask.ts';
import { elementCount } from '../shape.ts';
import { startThreads } from '../threads/threadPool.ts';

/** A short recording takes 1 ms: enough to drown a task's cost, few enough to balance. */
const EXAMPLES_PER_TASK = 16;

/** Threads cannot load TypeScript: the entry is the built one, from the sources too. */
const entry = new URL('../../dist/audio/decodeWorker.js', import.meta.url);

/** Throws the first DataError any thread meets. */
export async function encodeInPool({ examples, format, target }: EncodeTask): Promise<void> {
  const size = 4 * elementCount(audioShape(format));
  // Other threads write to shared memory only.
  const isShared = target.buffer instanceof SharedArrayBuffer;
  const shared = isShared ? target : new Uint8Array(new SharedArrayBuffer(target.length));
  const tasks = pieces(examples).map((piece, i) => {
    const first = i * EXAMPLES_PER_TASK * size;
    const own = shared.subarray(first, first + piece.length * size);
    return { examples: piece, format, target: own };
  });
  await runAll<undefined>(tasks, 'encodeExamples');
  if (!isShared) target.set(shared);
}

export async function measureInPool({ examples, format }: MeasureTask): Promise<Loudness> {
  const tasks = pieces(examples).map((piece) => ({ examples: piece, format }));
  const parts = await runAll<Loudness>(tasks, 'measureExamples');
  return parts.reduce((all, part) => ({
    topDb: Math.max(all.topDb, part.topDb),
    squares: all.squares + part.squares,
    count: all.count + part.count,
  }));
}

function pieces<T>(examples: readonly T[]): T[][] {
  const count = Math.ceil(examples.length / EXAMPLES_PER_TASK);
  return Array.from({ length: count }, (_, i) =>
    examples.slice(i * EXAMPLES_PER_TASK, (i + 1) * EXAMPLES_PER_TASK),
  );
}

async function runAll<T>(tasks: readonly object[], name: string): Promise<T[]> {
  const threads = Math.max(1, Math.min(availableParallelism(), tasks.length));
  const pool = await startThreads(entry, threads);
  try {
    return await Promise.all(
      tasks.map(async (task) => {
        const result = (await pool.run(task, name)) as TaskResult<T>;
        if ('failure' in result) throw new DataError(result.failure);
        return result.value;
      }),
    );
  } finally {
    // Ends the threads, also those that still work after an error: the process can exit.
    await pool.close();
  }
}
