/**
 * Threads of a piscina pool, which are not ended before they have loaded their modules: to end one that
 * still does can abort the whole process (v8::Module::IsGraphAsync, in Node 20).
 */
import type { Worker } from 'node:worker_threads';

export interface ThreadPool {
  readonly threads: number;
  /** What the entry's function of this name returns. */
  run(task: object, name: string): Promise<unknown>;
  /** Ends the threads: the process can exit. */
  close(): Promise<void>;
}

/** Loading takes a fraction of a second, on a machine with much else to do a few. */
const LOADING_MS = 10_000;

/** @param entry a built module: threads cannot load TypeScript */
export async function startThreads(entry: URL, threads: number): Promise<ThreadPool> {
  // Loaded here, so that who decodes nothing never loads it.
  const { Piscina } = await import('piscina');
  const pool = new Piscina({ filename: entry.href, minThreads: threads, maxThreads: threads });
  const loaded = Promise.all(pool.threads.map(saysSomething));
  return {
    threads,
    run: (task, name) => pool.run(task, { name }) as Promise<unknown>,
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, LOADING_MS)));
      await Promise.race([loaded, late]);
      clearTimeout(timer);
      await pool.destroy();
    },
  };
}

/** A thread of the pool speaks first when it has loaded; one that cannot ends. */
function saysSomething(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['message', 'error', 'exit']) thread.once(event, () => resolve());
  });
}
