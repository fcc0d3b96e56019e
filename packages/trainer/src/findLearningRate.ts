/**
 * The learning-rate finder (Smith 2017, section 3.3): trains for some steps under a rate that grows
 * from far too small to far too large, and looks where the loss falls fastest. It writes a plot and
 * the curve, no run.
 */
import { learningRate } from '@lockstep/collective';
import type { ResolvedConfig } from './config/resolvedConfig.ts';
import { ConfigError } from './errors.ts';
import { parseSourceName, type DataSource } from '@lockstep/data';
import { prepareJob, trainingMetrics } from './job.ts';
import { suggestLearningRate, SweepCurve, type SweepPoint } from './learningRates/sweepCurve.ts';
import { sweepPlot } from './learningRates/sweepPlot.ts';
import { orAborted } from './orAborted.ts';
import { checkPlotPath, drawPlot } from './plot/drawPlot.ts';
import { checkOutput } from './run/checkOutput.ts';
import { writeTogether } from './run/fileSet.ts';
import { nonFiniteError } from './train/nonFinite.ts';
import { openSession } from './train/session.ts';
import { checkFiles } from './uses/checkFiles.ts';
import { WorkerPool } from './workerPool.ts';

export interface SweepOptions {
  /** The module that worker threads load; it exports `runWorker`. */
  readonly workerEntry: URL;
  /** The rates of the first step and the last. */
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  /** Path of the plot, .svg or .png; the curve goes beside it, as .json. */
  readonly out: string;
  /** Path of the file that the configuration came from; it is not written over. */
  readonly configFile?: string | undefined;
  /** Ends it before anything is written: its reason is thrown. Once files are written, both are. */
  readonly signal?: AbortSignal;
  /** Called now and then. */
  onStep?(step: number, point: SweepPoint): void;
}

export interface SweepResult {
  readonly model: string;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  /** Whether it ended early, since the loss had risen to more than four times its lowest. */
  readonly diverged: boolean;
  /** Where the smoothed loss fell most steeply; absent where it never fell. */
  readonly suggested?: number;
  readonly lowest?: SweepPoint;
  /** A point for each step made. */
  readonly points: readonly SweepPoint[];
}

export interface WrittenSweep extends SweepResult {
  readonly plot: string;
  readonly curve: string;
}

/**
 * @param config its own schedule and length are put aside
 * @throws ConfigError, DataError, ModelError, EngineError, RunError
 */
export async function findLearningRate(
  config: ResolvedConfig,
  options: SweepOptions,
): Promise<WrittenSweep> {
  const { out, from, to } = options;
  checkPlotPath(out);
  const curve = out.replace(/\.[^.]+$/, '.json');
  checkOutput(curve, '--out');
  const outputs = [out, curve].map((path) => ({ path, where: '--out' }));
  checkFiles(outputs, [options.configFile, parseSourceName(config.data.source).path]);
  checkRange(from, to);
  const result = await sweep(sweepConfig(config, options), options);
  const title = `${result.model}: loss and learning rate`;
  await writeTogether(async (files) => {
    await drawPlot(sweepPlot(result.points, result.suggested, title), out, files);
    await files.write(curve, `${JSON.stringify(result, null, 2)}\n`);
  });
  return { ...result, plot: out, curve };
}

async function sweep(
  config: ResolvedConfig,
  { workerEntry, from, to, steps, onStep, signal }: SweepOptions,
): Promise<SweepResult> {
  const pool = new WorkerPool(workerEntry, config.workers);
  let data: DataSource | undefined;
  try {
    const spooling = signal ? { signal } : {};
    const preparing = prepareJob(config, undefined, spooling);
    const prepared = await orAborted(preparing, signal, (late) => late.data.close());
    ({ data } = prepared);
    const opening = openSession(prepared, pool, spooling);
    const { job, coordinator, startWorkers } = await orAborted(opening, signal);
    const curve = new SweepCurve();
    const rate = (step: number): number =>
      learningRate(config.schedule, config.learningRate, step, steps);
    const ended = new AbortController();
    startWorkers();
    const { broken } = await coordinator
      .run(
        { kind: 'compute', from: 0, until: steps },
        {
          signal: signal ? AbortSignal.any([ended.signal, signal]) : ended.signal,
          onRound({ round, weight, sums: [loss = NaN] }) {
            curve.add(rate(round), loss / weight);
            const point = curve.points.at(-1);
            if (point) onStep?.(round + 1, point);
            // Some steps more may be made before it takes effect; the curve takes none of them.
            if (curve.diverged) ended.abort();
          },
        },
      )
      .finally(() => coordinator.stop());
    await pool.finish();
    signal?.throwIfAborted();
    if (broken) curve.add(rate(broken.round), NaN);
    const { points, diverged } = curve;
    if (broken && points.length === 0) {
      const where = `training, step ${broken.round}`;
      throw nonFiniteError(broken, trainingMetrics(job.model), { where, kept: '' });
    }
    const suggestion = suggestLearningRate(points, steps);
    const lowest = points.toSorted((a, b) => a.smoothedLoss - b.smoothedLoss)[0];
    return {
      model: job.model.name,
      from,
      to,
      steps,
      diverged,
      ...(suggestion && { suggested: suggestion.learningRate }),
      ...(lowest && { lowest }),
      points,
    };
  } finally {
    await pool.destroy();
    await data?.close();
  }
}

/** Fractions of the run's rate, so that the rates of a model's phases keep their proportions. */
function sweepConfig(config: ResolvedConfig, { from, to, steps }: SweepOptions): ResolvedConfig {
  const { epochs: _epochs, ema: _ema, ...rest } = config;
  const fromFraction = from / config.learningRate;
  const toFraction = to / config.learningRate;
  return {
    ...rest,
    steps,
    schedule: { name: 'sweep', warmupSteps: 0, fromFraction, toFraction },
  };
}

function checkRange(from: number, to: number): void {
  if (from < to) return;
  throw new ConfigError({
    code: 'CONFIG_SWEEP',
    where: '--to',
    expected: `a rate above that of --from, ${from}`,
    got: String(to),
    fix: 'Raise it, or lower --from.',
  });
}
