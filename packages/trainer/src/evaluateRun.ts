/** Evaluates a trained model on its test data, or another part, on all workers. */
import { createChannel } from '@lockstep/collective';
import { modelTensors } from '@lockstep/core';
import type { DataPart, DataSource } from '@lockstep/data';
import { channelCodec } from './channelCodec.ts';
import {
  arenaSpec,
  commonWorkerJob,
  compiledFor,
  compileJob,
  loadPart,
  prepareJob,
  roundsOf,
  startEngines,
  updateRule,
} from './job.ts';
import { withEvaluationEngine } from './config/evaluationEngine.ts';
import { RunError } from './errors.ts';
import {
  DEFAULT_SAMPLES,
  possibleMetrics,
  requestedMetrics,
  type MetricRequest,
  type SkippedMetric,
} from './evaluate/chooseMetrics.ts';
import { computeMetrics } from './evaluate/computeMetrics.ts';
import { trainFeatureNetwork } from './evaluate/featureTraining.ts';
import { RowMapper } from './evaluate/mapRows.ts';
import { ProgressTeller, type EvaluationEvent } from './evaluate/progress.ts';
import { readRun, withAllLabels } from './openRun.ts';
import { orAborted } from './orAborted.ts';
import { evaluatedParameters } from './run/checkpoint.ts';
import { checkModelMatch } from './run/checkModelMatch.ts';
import { writeTensors } from './train/arenaTensors.ts';
import { evaluateRounds } from './train/evaluateRounds.ts';
import { checkWorkers } from './uses/checkNumbers.ts';
import { withMemoryLimit, type MemoryLimit } from './uses/useOptions.ts';
import { WorkerPool } from './workerPool.ts';

export interface EvaluateOptions extends MemoryLimit {
  /** The module that worker threads load; it exports `runWorker`. */
  readonly workerEntry: URL;
  /** As many as trained it, by default. The figures do not depend on it. */
  readonly workers?: number;
  /** The one that trained it, by default. Another differs in the last digits. */
  readonly engine?: string;
  /** What to evaluate on. Default: the test data. */
  readonly part?: DataPart;
  /** Metrics beside the loss and its parts. */
  readonly request?: MetricRequest;
  /** Ends it: its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Of how far it is. */
  onEvent?(event: EvaluationEvent): void;
}

export interface EvaluateResult {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  /** What computed the figures. */
  readonly engine: string;
  /** Whether the weights are the moving average of those that were trained. */
  readonly averaged: boolean;
  readonly examples: number;
  /** Of which data the figures are; absent: the test data. */
  readonly part?: DataPart;
  /** Mean over the examples, in nats. */
  readonly testLoss: number;
  readonly testMetrics: Readonly<Record<string, number>>;
  /** Where metrics were asked for: the numbers of each, by its name and theirs. */
  readonly metrics?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of all metrics, those that this model or its data do not allow. */
  readonly skipped?: readonly SkippedMetric[];
}

/**
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function evaluateRun(run: string, options: EvaluateOptions): Promise<EvaluateResult> {
  const { request, workerEntry, part = 'test', signal } = options;
  const requested = request ? requestedMetrics(request) : [];
  checkWorkers(options.workers);
  const { path, checkpoint: stored } = await readRun(run);
  const checkpoint = { ...stored, parameters: evaluatedParameters(stored) };
  const chosen = await withEvaluationEngine(checkpoint.config, options);
  const config = { ...chosen, data: withMemoryLimit(withAllLabels(chosen.data), options) };
  const pool = new WorkerPool(workerEntry, config.workers);
  let source: DataSource | undefined;
  try {
    const progress = new ProgressTeller(options.onEvent, signal);
    progress.begin();
    const spooling = {
      ...(signal && { signal }),
      onSpool: (done: number, count: number): void => progress.tell('reading data', done, count),
    };
    const preparing = prepareJob(config, checkpoint.data.format, spooling);
    const whole = await orAborted(preparing, signal, ({ data }) => data.close());
    source = whole.data;
    const prepared = { ...whole, data: testedOn(whole.data, part, run) };
    checkModelMatch(checkpoint.parameters, modelTensors(prepared.model), path);
    const possible = request && possibleMetrics(requested, request, prepared);
    progress.expect(possible?.chosen.length ?? 0);
    const job = await startEngines(prepared);
    const loading = Promise.all([loadPart(job, 'test', 'sequential', spooling), compileJob(job)]);
    const [data, compiled] = await orAborted(loading, signal);
    const { coordinator, links } = createChannel(
      config.channel,
      { ...arenaSpec(job), moments: 0, ema: false, clip: false },
      updateRule(job),
      { codec: channelCodec, failure: pool.failure },
    );
    coordinator.step = checkpoint.step;
    const { parameters, step } = checkpoint;
    writeTensors(coordinator.arena, step, { parameters, moments: {} });
    pool.start(
      links.map((link, worker) => ({
        ...commonWorkerJob(job),
        worker,
        link,
        evaluation: { data, losses: compiledFor(compiled, config, worker).losses },
      })),
    );
    const rounds = roundsOf(job.data.test, job.config);
    const result = await evaluateRounds(coordinator, {
      rounds,
      metrics: job.model.metrics,
      onRound: (done) => progress.tell('', done, rounds),
    }).finally(() => coordinator.stop());
    await pool.finish();
    const metrics =
      possible &&
      (await computeMetrics(possible.chosen, {
        job,
        pool,
        mapper: new RowMapper(job, pool, checkpoint.parameters, progress),
        means: result,
        progress,
        samples: request?.samples ?? DEFAULT_SAMPLES,
        trainNetwork: () =>
          trainFeatureNetwork(run, {
            config: job.config,
            data: job.data.train,
            workerEntry,
            signal,
            onStep: (done, total) => progress.tell('feature network', done, total),
          }),
      }));
    return {
      checkpoint: path,
      step: checkpoint.step,
      engine: config.engine,
      averaged: stored.ema !== undefined,
      ...(part !== 'test' && { part }),
      examples: result.examples,
      testLoss: result.loss,
      testMetrics: result.metrics,
      ...(metrics && { metrics }),
      ...(possible && { skipped: possible.skipped }),
    };
  } finally {
    await pool.destroy();
    await source?.close();
  }
}

/** The data with another part in the place of that to test on. */
function testedOn(data: DataSource, part: DataPart, run: string): DataSource {
  const test = data[part];
  if (!test) {
    throw new RunError({
      code: 'RUN_NO_SUCH_PART',
      where: run,
      expected: 'a run with validation data',
      got: 'one without',
      fix: 'Evaluate on its test data, or train with --validation-data or --validation-hold-out.',
    });
  }
  if (part === 'test') return data;
  const asTest = <T>(parts: Readonly<Record<DataPart, T>>) => ({ ...parts, test: parts[part] });
  return {
    ...data,
    test,
    positions: asTest(data.positions),
    labels: asTest(data.labels),
    unseenLabels: asTest(data.unseenLabels),
    factors: asTest(data.factors),
    users: asTest(data.users),
    files: asTest(data.files),
    tableRows: asTest(data.tableRows),
    lines: asTest(data.lines),
    ratings: asTest(data.ratings),
    load: (name, options) => data.load(name === 'test' ? part : name, options),
    cells: (name) => data.cells(name === 'test' ? part : name),
  };
}
