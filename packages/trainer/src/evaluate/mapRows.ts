/** Rows of a run's own data: see rows/mapRows.ts. */
import type { Dataset } from '@lockstep/data';
import { firstEngine, type Job } from '../job.ts';
import { mapRows, rowsLoadOptions } from '../rows/mapRows.ts';
import type { MapOptions, RowsByOutput, RowsModel } from '../rows/mapRows.ts';
import { shareParameters } from '../rows/sharedParameters.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import type { WorkerPool } from '../workerPool.ts';
import type { ProgressTeller } from './progress.ts';

type Part = 'train' | 'test';

export class RowMapper {
  readonly #job: Job;
  readonly #trained: RowsModel;
  readonly #progress: ProgressTeller;
  readonly #parts = new Map<Part, Promise<Dataset>>();

  constructor(
    job: Job,
    pool: WorkerPool,
    parameters: readonly NamedTensor[],
    progress: ProgressTeller,
  ) {
    this.#job = job;
    this.#progress = progress;
    const { config, model, example } = job;
    const { workers, seed, model: reference } = config;
    const engine = firstEngine(job);
    const placement = { engine, workers, pool, compiled: new Map() };
    const shared = shareParameters(parameters);
    this.#trained = { reference, model, example, parameters: shared, seed, ...placement };
  }

  /** One part of the data, loaded once. */
  data(part: Part): Promise<Dataset> {
    const options = rowsLoadOptions(this.#trained);
    const loaded = this.#parts.get(part) ?? this.#job.data.load(part, options);
    this.#parts.set(part, loaded);
    return loaded;
  }

  /** @throws RunError where an output is not finite */
  async map(
    name: string,
    { part, ...options }: Omit<MapOptions, 'data'> & { readonly part: Part },
  ): Promise<RowsByOutput> {
    return this.mapData(name, { ...options, data: await this.data(part) });
  }

  /** As `map`, of data made from a part. */
  mapData(name: string, options: MapOptions): Promise<RowsByOutput> {
    const onRound = (done: number, total: number): void => this.#progress.tell(name, done, total);
    return mapRows(this.#trained, name, { onRound, ...options });
  }
}
