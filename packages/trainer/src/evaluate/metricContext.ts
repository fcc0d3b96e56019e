/** What metrics are computed from; each thing is computed once, when the first asks for it. */
import type { Factor, Rows } from '@lockstep/core/metrics';
import { firstRows } from '@lockstep/core/metrics';
import type { Job } from '../job.ts';
import type { Evaluation } from '../train/evaluateRounds.ts';
import type { WorkerPool } from '../workerPool.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import type { RowsByOutput } from '../rows/mapRows.ts';
import type { BlockWork } from '../worker/runBlock.ts';
import { labelledRows, type LabelledRows } from './labelledRows.ts';
import type { RowMapper } from './mapRows.ts';
import type { ProgressTeller } from './progress.ts';

/** Most examples that what is quadratic in them looks at. */
const MOST_QUADRATIC = 10_000;
/** Most training examples that probes learn from. */
const MOST_PROBE_EXAMPLES = 20_000;

export interface MetricContextOptions {
  readonly job: Job;
  readonly mapper: RowMapper;
  readonly pool: WorkerPool;
  /** Mean loss and metrics over the test data. */
  readonly means: Evaluation;
  /** Importance samples. */
  readonly samples: number;
  readonly progress: ProgressTeller;
  /** The feature network's parameters: trains it, or finds it trained. */
  trainNetwork(): Promise<readonly NamedTensor[]>;
}

export class MetricContext {
  readonly job: Job;
  readonly mapper: RowMapper;
  readonly means: Evaluation;
  readonly samples: number;
  readonly network: () => Promise<readonly NamedTensor[]>;
  readonly #pool: WorkerPool;
  readonly #progress: ProgressTeller;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(options: MetricContextOptions) {
    this.job = options.job;
    this.mapper = options.mapper;
    this.#pool = options.pool;
    this.#progress = options.progress;
    this.means = options.means;
    this.samples = options.samples;
    this.network = () => this.once('network', () => options.trainNetwork());
  }

  /** What `make` resolves with, the first time. */
  once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known as Promise<T>;
  }

  /**
   * What compares rows with rows, on all workers: a value for each of the rows 0 ... queries - 1.
   * @param points what each of them is compared with
   */
  async compare(work: BlockWork, queries: number, points: Rows): Promise<Float64Array> {
    const comparison = { queries, points: points.count, dim: points.dim };
    this.#progress.compare(comparison, this.job.config.workers);
    return this.#pool.runBlocks(work, queries, (done) =>
      this.#progress.tell('comparing', done, queries),
    );
  }

  /** mu of the examples. */
  async mu(part: 'train' | 'test'): Promise<Rows> {
    const count = this.job.data[part].count;
    const examples = Math.min(count, part === 'train' ? MOST_PROBE_EXAMPLES : count);
    const rows = await this.once(`mu of ${part}`, () =>
      this.mapper.map('encode', { part, examples }),
    );
    return rowsNamed(rows, 'mu');
  }

  /** A draw of z for each test example, but for no more than can be compared each with each. */
  draws(): Promise<RowsByOutput> {
    const examples = Math.min(this.job.data.test.count, MOST_QUADRATIC);
    return this.once('draws', () => this.mapper.map('drawLatent', { part: 'test', examples }));
  }

  /** mu and the labels of one part's examples, of those whose label is known. */
  async labelled(part: 'train' | 'test'): Promise<LabelledRows> {
    const mu = await this.mu(part);
    const rows = part === 'test' ? firstRows(mu, MOST_QUADRATIC) : mu;
    const labels = this.job.data.labels[part];
    if (!labels) throw new Error('labels were checked for');
    return labelledRows(rows, labels.subarray(0, rows.count));
  }

  /** mu and what the test examples were made of. */
  async factors(): Promise<{ readonly mu: Rows; readonly factors: readonly Factor[] }> {
    const mu = firstRows(await this.mu('test'), MOST_QUADRATIC);
    const table = this.job.data.factors.test;
    if (!table) throw new Error('factors were checked for');
    const width = table.specs.length;
    const factors = table.specs.map((spec, k): Factor => ({
      ...spec,
      values: Uint8Array.from({ length: mu.count }, (_, i) => table.values[i * width + k] ?? 0),
    }));
    return { mu, factors };
  }
}

export function rowsNamed(rows: RowsByOutput, name: string): Rows {
  const found = rows[name];
  if (!found) throw new Error(`no rows ${name}`);
  return found;
}
