/**
 * A trained model opened for use: what all commands that use one stand on. Its own data is opened when
 * it is first asked for, so that a model works where that data is no more.
 */
import { modelTensors, type ExampleInfo, type Model } from '@lockstep/core';
import {
  openData,
  openMoreData,
  type DataFormat,
  type DataPart,
  type DataSource,
  type Dataset,
  type MoreData,
  type SpoolOptions,
} from '@lockstep/data';
import type { Engine } from '@lockstep/engine';
import { withEvaluationEngine } from '../config/evaluationEngine.ts';
import { loadModel } from '../config/modelReference.ts';
import type { ResolvedConfig } from '../config/resolvedConfig.ts';
import { engineNamed } from '../engines.ts';
import { exampleInfo } from '../job.ts';
import { ModelFunctions, type FunctionCall } from '../modelFunctions.ts';
import { readRun, withAllLabels } from '../openRun.ts';
import { orAborted } from '../orAborted.ts';
import { mapRows, rowsLoadOptions } from '../rows/mapRows.ts';
import type { MapOptions, RowsByOutput, RowsModel } from '../rows/mapRows.ts';
import { shareParameters, type SharedParameters } from '../rows/sharedParameters.ts';
import { evaluatedParameters } from '../run/checkpoint.ts';
import { checkModelMatch } from '../run/checkModelMatch.ts';
import type { NamedTensor } from '../run/namedTensor.ts';
import type { BlockWork } from '../worker/runBlock.ts';
import { WorkerPool } from '../workerPool.ts';
import { checkKind } from './checkKind.ts';
import { checkWorkers } from './checkNumbers.ts';
import { missingFunction } from './missingFunction.ts';
import { cellNotices, passedOverNotice, type Notice } from './notices.ts';
import { isGone, noSuchPart, ownDataGone } from './ownDataErrors.ts';
import {
  withMemoryLimit,
  type MemoryLimit,
  type OtherData,
  type UseOptions,
} from './useOptions.ts';

/** Examples to use a model on. */
export interface UseData
  extends
    Pick<MoreData, 'info' | 'labels'>,
    Partial<
      Pick<MoreData, 'unseenLabels' | 'users' | 'files' | 'tableRows' | 'lines' | 'ratings'>
    > {
  /** The examples in memory; loaded once. */
  load(): Promise<Dataset>;
}

/** What is done where data is opened and loaded. */
const READING = 'reading data';

export class TrainedModel {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  readonly config: ResolvedConfig;
  readonly model: Model;
  readonly example: ExampleInfo;
  readonly format: DataFormat;
  readonly parameters: readonly NamedTensor[];
  readonly #engine: Engine;
  readonly #functions: ModelFunctions;
  readonly #options: UseOptions;
  readonly #compiled: RowsModel['compiled'] = new Map();
  #shared: SharedParameters | undefined;
  #pool: WorkerPool | undefined;
  #comparing: WorkerPool | undefined;
  #own: Promise<DataSource> | undefined;
  readonly #opened: Promise<MoreData>[] = [];
  /** Functions, with their number of examples, that the parameters were given to. */
  readonly #given = new Set<string>();

  constructor(parts: TrainedParts) {
    this.checkpoint = parts.checkpoint;
    this.step = parts.step;
    this.config = parts.config;
    this.model = parts.model;
    this.example = parts.example;
    this.format = parts.format;
    this.parameters = parts.parameters;
    this.#engine = parts.engine;
    this.#functions = new ModelFunctions(parts.model, parts.engine);
    this.#options = parts.options;
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  /** @throws RunError where the model has no such function */
  require(name: string): void {
    if (!this.has(name)) throw missingFunction(name, this);
  }

  /** A part of the data that the model was trained on. @throws DataError, RunError (it is gone) */
  async own(part: DataPart): Promise<UseData> {
    const { data } = this.config;
    this.tell(0, 0, READING);
    this.#own ??= openData(data.source, withAllLabels(data), this.format, this.#spooling());
    const source = await orAborted(this.#own, this.#options.signal).catch((error: unknown) => {
      throw isGone(error) ? ownDataGone(error, part) : error;
    });
    const info = source[part];
    if (!info) throw noSuchPart(part, data.source);
    return this.#use({
      info,
      labels: source.labels[part],
      unseenLabels: source.unseenLabels[part],
      users: source.users[part],
      files: source.files[part],
      tableRows: source.tableRows[part],
      lines: source.lines[part],
      load: (options) => source.load(part, options),
      cells: () => source.cells(part),
      ratings: source.ratings[part],
    });
  }

  /** Tells the user something. */
  notice(notice: Notice): void {
    this.#options.onNotice?.(notice);
  }

  /**
   * Other data, read as that was; `unknown`: what becomes of what training did not see; `read`: how its file
   * is written, where that is otherwise.
   * @throws DataError, ConfigError
   */
  async open(source: string, { unknown, read }: OtherData = {}): Promise<UseData> {
    const { shape, classes } = this.example;
    await checkKind(source, this.format);
    const { data } = this.config;
    const asThen = { ...data.read, ...(unknown !== undefined && { unknown }) };
    const trained = { shape, format: this.format, ...(classes !== undefined && { classes }) };
    this.tell(0, 0, READING);
    const how = { read, ...this.#spooling() };
    const opening = openMoreData(source, { ...data, read: asThen }, trained, how);
    this.#opened.push(opening);
    const {
      notes,
      passedOver,
      close: _later,
      ...opened
    } = await orAborted(opening, this.#options.signal);
    for (const text of notes) this.notice({ code: 'NOTICE_DATA', text });
    if (passedOver) this.notice(passedOverNotice(passedOver));
    return this.#use(opened);
  }

  /** What `work` gives. @throws the reason to end it, without waiting for it */
  orEnded<T>(work: Promise<T>): Promise<T> {
    return orAborted(work, this.#options.signal);
  }

  /** Says how far a part of the work is: see `UseOptions`. @throws the reason to end it, if there is one */
  tell(done: number, total: number, work: string): void {
    this.#options.onProgress?.(done, total, work);
    this.#options.signal?.throwIfAborted();
  }

  /** Runs a function over data on all workers, and says how far it is: see `mapRows`. @throws RunError */
  async map(
    name: string,
    data: UseData,
    options: Omit<MapOptions, 'data' | 'examples'> & {
      readonly examples?: number;
      /** Of the noise; default: the run's. */
      readonly seed?: number;
    } = {},
  ): Promise<RowsByOutput> {
    this.require(name);
    const { examples = data.info.count, seed = this.config.seed } = options;
    const rows = {
      onRound: (done: number, total: number) => this.tell(done, total, name),
      ...{ ...options, examples, data: await data.load() },
    };
    return mapRows({ ...this.#rowsModel(), seed }, name, rows);
  }

  /** Rows compared: see `BlockWork`. By threads of their own: those that compute rows may wait for it. */
  compare(work: BlockWork, count: number): Promise<Float64Array> {
    this.#comparing ??= new WorkerPool(this.#options.workerEntry, this.config.workers);
    return this.#comparing.runBlocks(work, count, () => this.#options.signal?.throwIfAborted());
  }

  /** Runs a function on some examples in this thread, and says how far it is. @throws RunError */
  async run(
    name: string,
    call: Omit<FunctionCall, 'name' | 'parameters' | 'onPiece'>,
  ): Promise<Readonly<Record<string, Float32Array>>> {
    this.#options.signal?.throwIfAborted();
    const key = `${name}/${call.count}`;
    const parameters = this.#given.has(key) ? [] : this.parameters;
    const onPiece = (done: number, total: number): void => this.tell(done, total, name);
    const outputs = await this.#functions.run({ ...call, name, parameters, onPiece });
    this.#given.add(key);
    return outputs;
  }

  /** Names of what a function draws. */
  noiseOf(name: string): readonly string[] {
    return this.#functions.noiseOf(name);
  }

  /** Shape of one example of a function's input. */
  inputShape(name: string, input: string): readonly number[] {
    return this.model.functions?.[name]?.inputs[input] ?? [];
  }

  /** Shape of one example of a function's output. */
  outputShape(name: string, output: string): readonly number[] {
    return this.#functions.outputShape(name, output);
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool?.destroy(), this.#comparing?.destroy()]);
    const closing = [this.#own, ...this.#opened].map(async (opening) => {
      await (await opening?.catch(() => undefined))?.close();
    });
    // What still opens cannot be ended; whoever wants the end does not wait for it.
    await orAborted(Promise.all(closing), this.#options.signal).catch(() => undefined);
  }

  #use({ load, cells, ...of }: Omit<MoreData, 'close' | 'notes' | 'passedOver'>): UseData {
    let loaded: Promise<Dataset> | undefined;
    return {
      ...of,
      load: () => {
        const how = { ...rowsLoadOptions(this.#rowsModel()), ...this.#spooling() };
        loaded ??= load(how).then((dataset) => {
          for (const notice of cellNotices(cells())) this.notice(notice);
          return dataset;
        });
        return orAborted(loaded, this.#options.signal);
      },
    };
  }

  /** Of what is written to temporary files, where data is opened or loaded. */
  #spooling(): SpoolOptions {
    const { signal } = this.#options;
    const onSpool = (done: number, count: number): void => this.tell(done, count, READING);
    return { onSpool, ...(signal && { signal }) };
  }

  #rowsModel(): RowsModel {
    const { model, example, config } = this;
    const parameters = (this.#shared ??= shareParameters(this.parameters));
    const { model: reference, workers, seed } = config;
    this.#pool ??= new WorkerPool(this.#options.workerEntry, workers);
    const placement = { engine: this.#engine, workers, pool: this.#pool };
    return { reference, model, example, parameters, seed, ...placement, compiled: this.#compiled };
  }
}

interface TrainedParts extends Pick<
  TrainedModel,
  'checkpoint' | 'step' | 'config' | 'model' | 'example' | 'format' | 'parameters'
> {
  readonly engine: Engine;
  readonly options: UseOptions;
}

/**
 * Opens a run folder, or one of its checkpoint files. Close it after use: it may have threads.
 * @throws CheckpointError, ModelError, ConfigError, EngineError
 */
export async function openTrained(
  run: string,
  options: UseOptions & MemoryLimit,
): Promise<TrainedModel> {
  checkWorkers(options.workers);
  const { path, checkpoint } = await readRun(run);
  const { data, step } = checkpoint;
  const chosen = await withEvaluationEngine(checkpoint.config, options);
  const config = { ...chosen, data: withMemoryLimit(chosen.data, options) };
  const example = exampleInfo(data);
  const model = await loadModel(config.model, example);
  checkModelMatch(checkpoint.parameters, modelTensors(model), path);
  return new TrainedModel({
    checkpoint: path,
    step,
    config,
    model,
    example,
    format: data.format,
    parameters: evaluatedParameters(checkpoint),
    engine: await engineNamed(config.engine, config),
    options,
  });
}
