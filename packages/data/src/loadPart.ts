/** Parts of a source on their way into memory: whole, or, where that is more than may be, in windows. */
import { allocateDataset, allocateWindows, datasetLabels, datasetValues } from './dataset.ts';
import type { AllocateOptions, Dataset } from './dataset.ts';
import { DataError } from './errors.ts';
import { ratingsOf, type Part } from './parts.ts';
import { entriesOf } from './storedRatings.ts';
import type { ExampleReader, ExampleSource } from './sources/exampleSource.ts';
import { spool, type SpoolOptions } from './streaming/spool.ts';
import { WindowLoader } from './streaming/windowLoader.ts';
import { planWindows, type WindowPlan } from './streaming/windowPlan.ts';
import { storedBytes } from './valueType.ts';

/** What is said of spooling matters where the data is streamed and can only be read in order. */
export interface LoadOptions extends SpoolOptions {
  /** Behind the examples, for workers' batch buffers. */
  readonly stagingBytes: number;
  /** How they will be passed through; matters where the data is streamed. Default `sequential`. */
  readonly order?: 'shuffled' | 'sequential';
  /** The run's; matters where the data is streamed. Default 0. */
  readonly seed?: number;
  /** Most examples that a step takes. Default 1. */
  readonly stepRows?: number;
  /** For messages: the flag that says so, where there is one. */
  readonly stepFlag?: string;
}

/** Examples that stay in memory where the rest is streamed. */
const HEAD_ROWS = 256;
/** Label and number of an example. */
const EXTRA_BYTES = 8;

/** Loads parts; what streams them goes on until it is closed. */
export class PartLoader {
  readonly #memoryLimit: number;
  readonly #loaders: WindowLoader[] = [];
  #isClosed = false;
  readonly #readers = new Map<ExampleSource, Promise<ExampleReader>>();

  constructor(memoryLimit = Infinity) {
    this.#memoryLimit = memoryLimit;
  }

  /** @param share of the memory limit that this part may take */
  async load(part: Part, share: number, options: LoadOptions): Promise<Dataset> {
    const { labels, info, repeats } = part;
    const { stagingBytes, stepRows = 1, stepFlag } = options;
    const allocate = { hasLabels: labels !== undefined, stagingBytes };
    const rowBytes = storedBytes({ ...info, count: 1, entries: 0 }) + EXTRA_BYTES;
    const memoryBytes = this.#memoryLimit * share;
    const rows = ratingsOf(part);
    const sizes = rows && { sizeOf: rows.sizeOf };
    const plan = planWindows({ ...info, ...sizes, rowBytes, memoryBytes, stepRows, stepFlag });
    if (plan && repeats) throw repeatsAreWhole(part, memoryBytes);
    if (plan) return this.#stream(part, plan, { ...options, ...allocate });
    const dataset = allocateDataset(info, allocate);
    if (labels) datasetLabels(dataset)?.set(labels);
    await readRows(part, datasetValues(dataset));
    return dataset;
  }

  /** Also what is being loaded: it is streamed no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#loaders.map((loader) => loader.close()));
    for (const opened of this.#readers.values()) {
      // One that could not be opened said so where it was asked for.
      await opened.then(
        (reader) => reader.close(),
        () => undefined,
      );
    }
  }

  async #stream(
    part: Part,
    plan: WindowPlan,
    options: LoadOptions & AllocateOptions,
  ): Promise<Dataset> {
    const { order = 'sequential', seed = 0 } = options;
    const { source, positions, labels, info } = part;
    const records = await this.#records(source, storedBytes({ ...info, count: 1 }), options);
    const read = (target: Uint8Array, examples: Uint32Array): Promise<void> =>
      records.read(
        target,
        positions ? examples.map((example) => positions[example] ?? 0) : examples,
      );
    const rows = ratingsOf(part);
    const entries = rows && ((examples: Uint32Array) => entriesOf(rows, examples));
    const headRows = Math.min(HEAD_ROWS, info.count);
    const first = Uint32Array.from({ length: headRows }, (_, example) => example);
    const head = allocateDataset(
      { ...info, count: headRows, ...(entries && { entries: entries(first) }) },
      { ...options, stagingBytes: 0 },
    );
    await read(datasetValues(head), first);
    if (labels) datasetLabels(head)?.set(labels.subarray(0, head.count));
    const dataset = allocateWindows(info, { plan, order, seed }, options);
    if (!dataset.windows) throw new Error('windows were allocated');
    const windows = { read, labels, ...(entries && { entries }) };
    const loader = new WindowLoader(dataset, dataset.windows, windows);
    this.#loaders.push(loader);
    if (this.#isClosed) await loader.close();
    return { ...dataset, head };
  }

  /** What reads any examples of a source; those of all its parts. */
  #records(
    source: ExampleSource,
    size: number,
    options: SpoolOptions,
  ): Promise<Pick<ExampleReader, 'read'>> {
    const { scan, where, count } = source;
    const known = this.#readers.get(source);
    if (known) return known;
    const opened = scan
      ? spool({ where, count, scan }, size, options)
      : source.openReader && Promise.resolve(source.openReader());
    if (!opened) return Promise.resolve(source);
    this.#readers.set(source, opened);
    return opened;
  }
}

async function readRows(part: Part, values: Uint8Array): Promise<void> {
  const { source, positions, info, repeats } = part;
  if (!repeats) return source.read(values, positions);
  const rowBytes = storedBytes({ ...info, count: 1 });
  const first = info.count - repeats.length;
  await source.read(values.subarray(0, first * rowBytes), positions);
  repeats.forEach((row, i) => {
    values.copyWithin((first + i) * rowBytes, row * rowBytes, (row + 1) * rowBytes);
  });
}

function repeatsAreWhole({ info }: Part, memoryBytes: number): DataError {
  return new DataError({
    code: 'DATA_MEMORY_LIMIT',
    where: info.source,
    expected: `memory for its ${info.count} rows, ${storedBytes(info)} bytes: with a labelled share data is not streamed`,
    got: `${Math.floor(memoryBytes)} bytes for this part`,
    fix: 'Raise --memory-limit, or leave --labelled-share out.',
  });
}
