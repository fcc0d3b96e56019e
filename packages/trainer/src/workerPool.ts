/**
 * The workers: one long-lived task each in a piscina pool. A worker that fails fails the run, with
 * its name and stack; nobody waits for it.
 */
import { SHARE_ENV, type Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { linkTransfer, type WorkerFailure } from '@lockstep/collective';
import { reviveError, type WorkerProfile } from '@lockstep/protocol';
import type { WorkerJob, WorkerResult } from './worker/job.ts';
import type { Block, BlockResult, BlockWork } from './worker/runBlock.ts';
import type { RowsJob } from './worker/rowsJob.ts';
import type { RowsResult } from './worker/runRows.ts';

const GRACE_MS = 2000;
/** Loading takes a fraction of a second, on a machine with much else to do a few. */
const LOADING_MS = 10_000;
/**
 * Of each thread's heap. What lasts lies in shared memory; of the objects that a task leaves behind V8 would
 * let up to 48 MiB pile up in each thread, so that memory seems to grow for as long as a run goes on.
 */
const YOUNG_GENERATION_MIB = 8;
/** Rows of one block: enough to outweigh its message, few enough that all workers end together. */
const BLOCK_ROWS = 128;

export class WorkerPool {
  readonly #pool: Piscina;
  readonly #results: Promise<WorkerProfile>[] = [];
  readonly #others: Promise<void>[] = [];
  readonly #loaded: Promise<unknown>;
  /** Rejects when any worker fails. */
  readonly failure: WorkerFailure;
  #fail!: (reason: unknown) => void;

  /** Threads start at once, so that they load while the coordinator prepares the job. */
  constructor(workerEntry: URL, workers: number) {
    this.#pool = new Piscina({
      filename: workerEntry.href,
      name: 'runWorker',
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
      // Workers load built modules; the parent's loaders and conditions are not theirs.
      execArgv: [],
      // A thread's own copy would hide from native libraries what is set in it, such as the switch
      // that turns ONNX Runtime's telemetry off.
      env: SHARE_ENV,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    });
    this.#loaded = Promise.all(this.#pool.threads.map(saysSomething));
    this.failure = new Promise((_, reject) => (this.#fail = reject));
    // Only a race looks at it; by itself it must not count as an unhandled rejection.
    this.failure.catch(() => undefined);
    // A thread that dies without a task, while it loads for instance.
    this.#pool.on('error', (error) => this.#fail(error));
  }

  start(jobs: readonly WorkerJob[]): void {
    for (const job of jobs) {
      const result = this.#run(job);
      result.catch(this.#fail);
      this.#results.push(result);
    }
  }

  /** Waits until every worker has left its loop. */
  async finish(): Promise<WorkerProfile[]> {
    return Promise.all(this.#results);
  }

  /** As `start`, for jobs that compute rows; resolves when every worker has left its loop. */
  async runRows(jobs: readonly RowsJob[]): Promise<void> {
    const results = jobs.map(async (job) => {
      const result = (await this.#pool.run(job, { name: 'runRows' })) as RowsResult;
      if (!result.ok) throw reviveError(result.error);
    });
    for (const result of results) result.catch(this.#fail);
    this.#others.push(...results);
    await Promise.all(results);
  }

  /**
   * Values for the rows 0 ... count - 1, computed in blocks by whoever is free.
   * @param onBlock told of how many rows are done
   */
  async runBlocks(
    work: BlockWork,
    count: number,
    onBlock: (done: number) => void,
  ): Promise<Float64Array> {
    let done = 0;
    const values = new Float64Array(new SharedArrayBuffer(8 * count));
    const begins = Array.from({ length: Math.ceil(count / BLOCK_ROWS) }, (_, i) => i * BLOCK_ROWS);
    await Promise.all(
      begins.map(async (begin) => {
        const block: Block = { work, range: { begin, end: Math.min(begin + BLOCK_ROWS, count) } };
        const result = (await this.#pool.run(block, { name: 'runBlock' })) as BlockResult;
        if (!result.ok) throw reviveError(result.error);
        values.set(result.values, begin);
        onBlock((done += result.values.length));
      }),
    );
    return values;
  }

  /**
   * Ends the threads. Those at work get a moment to finish their task, and those that still load their
   * modules to do so: a thread that is killed inside native code, or while Node links its modules, can
   * take the process with it.
   */
  async destroy(): Promise<void> {
    await settledWithin(LOADING_MS, [this.#loaded]);
    await settledWithin(GRACE_MS, [...this.#results, ...this.#others]);
    await this.#pool.destroy();
  }

  async #run(job: WorkerJob): Promise<WorkerProfile> {
    const transferList = linkTransfer(job.link);
    const result = (await this.#pool.run(job, { transferList })) as WorkerResult;
    if (!result.ok) throw reviveError(result.error);
    return result.profile;
  }
}

/** A thread of the pool speaks first when it has loaded; one that cannot ends. */
function saysSomething(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['message', 'error', 'exit']) thread.once(event, () => resolve());
  });
}

async function settledWithin(ms: number, promises: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([Promise.allSettled(promises), late]);
  clearTimeout(timer);
}
