/** How anomalous examples are, as a table and pictures: the command `anomaly score`. */
import { basename } from 'node:path';
import { ConfigError } from '../../errors.ts';
import { checkPlotPath } from '../../plot/drawPlot.ts';
import { checkTablePath, isNpyPath } from '../../results/resultTable.ts';
import { checkOutput } from '../../run/checkOutput.ts';
import { writeTogether, type FileSet } from '../../run/fileSet.ts';
import { checkKeep, type KeepOptions } from '../exampleTable.ts';
import { runName } from '../../run/runFolder.ts';
import type { Noticed } from '../notices.ts';
import type { TrainedModel, UseData } from '../openTrained.ts';
import type { UseOptions } from '../useOptions.ts';
import { openUseData, type DataChoice } from '../useData.ts';
import { measureScores, type AnomalyMeasures } from './anomalyMeasures.ts';
import { anomalyPlots, drawAnomalyPlots, type AnomalyPlot } from './anomalyPlots.ts';
import { DEFAULT_DRAWS, requireScore, scoreExamples, type ScoreSettings } from './anomalyScores.ts';
import { writeAnomalies } from './anomalyTable.ts';
import { columnsOf } from './columnBlame.ts';
import { knownAnomalies, type NormalChoice } from './normalLabels.ts';
import { readThreshold, type FittedThreshold } from './thresholdFile.ts';
import { withTrained } from '../withTrained.ts';

export interface AnomalyScoreOptions
  extends UseOptions, DataChoice, NormalChoice, KeepOptions, Partial<ScoreSettings> {
  /** A file of `anomalyFitRun`; it says score, draws and seed. Without it there are no verdicts. */
  readonly threshold?: string;
  /** Table: .csv, .parquet or, without verdicts and blame, .npy. */
  readonly out?: string;
  /** Histogram of the scores, .png or .svg; ROC and precision-recall curves beside it, `-roc` and `-pr`. */
  readonly plot?: string;
  /** Of a table: columns to blame for each row's score. Default 3, or 0 where that cannot be told. */
  readonly blame?: number;
}

export interface AnomalyScoreResult extends ScoreSettings, Noticed {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  readonly examples: number;
  readonly threshold?: number;
  /** Examples above the threshold. */
  readonly flagged?: number;
  /** Where labels say what is normal, and there are both kinds. */
  readonly measures?: AnomalyMeasures;
  readonly files: readonly ({ readonly kind: 'scores'; readonly path: string } | AnomalyPlot)[];
}

/**
 * Scores examples, in nats. Memory: 8 bytes an example beside the data, which may be streamed.
 *
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function anomalyScoreRun(
  run: string,
  options: AnomalyScoreOptions,
): Promise<AnomalyScoreResult> {
  checkOptions(options);
  return withTrained(run, options, (trained) =>
    writeTogether((written) => score(trained, options, written)),
  );
}

async function score(
  trained: TrainedModel,
  options: AnomalyScoreOptions,
  written: FileSet,
): Promise<AnomalyScoreResult> {
  const { out, plot } = options;
  const fitted =
    options.threshold === undefined ? undefined : await readThreshold(options.threshold, trained);
  const settings = settingsOf(options, fitted);
  requireScore(trained, settings.score);
  const columns = columnsOf(trained);
  const isNpy = out !== undefined && isNpyPath(out);
  const blamed = options.blame ?? (isNpy ? 0 : Math.min(3, columns?.length ?? 0));
  checkBlame(trained, blamed, columns);
  const plots = plot === undefined ? [] : anomalyPlots(plot, true);
  const data = await openUseData(trained, options, {
    outputs: [
      { path: out, where: '--out' },
      ...plots.map(({ path }) => ({ path, where: '--plot' })),
    ],
    inputs: [options.threshold],
  });
  if (fitted) noticeFittedOnThese(trained, fitted, { data, options });
  const known = knownAnomalies(trained, data, options);
  if (known) for (const { path } of plots) checkOutput(path, '--plot');
  const scores = await scoreExamples(trained, data, settings);
  const threshold = fitted?.threshold;
  const files: AnomalyScoreResult['files'][number][] = [];
  if (out !== undefined) {
    const typical = fitted?.columnLosses;
    await writeAnomalies(trained, data, {
      ...{ path: out, scores, threshold, blamed, typical, settings, files: written },
      ...(options.keep && { keep: options.keep }),
    });
    files.push({ kind: 'scores', path: out });
  }
  const measured = known && measureScores(scores, known, { threshold, seed: settings.seed });
  if (plot !== undefined) {
    const subtitle = `${basename(data.info.source)}, run ${runName(trained.checkpoint)}`;
    const drawn = { subtitle, score: settings.score, scores, threshold, known, measured };
    files.push(...(await drawAnomalyPlots(plot, drawn, written)));
  }
  const { checkpoint, step } = trained;
  return {
    ...{ checkpoint, step, source: data.info.source, examples: scores.length },
    ...settings,
    ...(threshold !== undefined && {
      threshold,
      flagged: scores.filter((value) => value > threshold).length,
    }),
    ...(measured && { measures: measured.measures }),
    files,
  };
}

/** Those that the threshold was fitted with, or those asked for. */
function settingsOf(
  asked: Partial<ScoreSettings>,
  fitted: FittedThreshold | undefined,
): ScoreSettings {
  const { score = 'elbo', seed = 0 } = asked;
  if (!fitted) return { score, draws: asked.draws ?? DEFAULT_DRAWS[score], seed };
  for (const name of ['score', 'draws', 'seed'] as const) {
    const value = asked[name];
    if (value !== undefined && value !== fitted[name]) throw otherThan(name, value, fitted[name]);
  }
  return { score: fitted.score, draws: fitted.draws, seed: fitted.seed };
}

/** A rate on the examples that the threshold was fitted to is the one that was asked for, whatever the model. */
function noticeFittedOnThese(
  trained: TrainedModel,
  { heldOut }: FittedThreshold,
  { data, options }: { readonly data: UseData; readonly options: DataChoice },
): void {
  const { source } = data.info;
  const part = options.data === undefined ? (options.part ?? 'test') : undefined;
  if (heldOut.source !== source || heldOut.part !== part) return;
  const which = part === undefined ? source : `the ${part} part of ${source}`;
  trained.notice({
    code: 'NOTICE_FITTED_ON_THESE',
    text:
      `The threshold was fitted to these examples, ${which}: that so many normal ones exceed it is ` +
      'what was asked for, and no measurement of false alarms. ' +
      'Score others (--data), or train with --validation-hold-out and fit to that part.',
    ...{ source, ...(part !== undefined && { part }) },
  });
}

/** What a table has texts for, if it has any. */
function textsOf(threshold: string | undefined, blame: number | undefined): string | undefined {
  if (threshold !== undefined) return 'verdicts';
  return blame !== undefined && blame > 0 ? 'the names of columns' : undefined;
}

function checkOptions({ out, plot, blame, ...others }: AnomalyScoreOptions): void {
  checkKeep({ ...others, ...(out !== undefined && { out }) });
  if (out !== undefined) checkTablePath(out, '--out', textsOf(others.threshold, blame));
  if (plot !== undefined) checkPlotPath(plot, '--plot');
  if (blame !== undefined && out === undefined) {
    throw new ConfigError({
      code: 'CONFIG_USELESS_FLAG',
      where: '--blame',
      expected: '--out beside it, the table that names the columns',
      got: `--blame ${blame} alone`,
      fix: 'Leave it out, or add --out scores.csv.',
    });
  }
}

function checkBlame(
  { model }: TrainedModel,
  blamed: number,
  columns: readonly string[] | undefined,
): void {
  if (blamed <= (columns?.length ?? 0)) return;
  throw new ConfigError({
    code: 'CONFIG_BLAME',
    where: '--blame',
    expected: columns
      ? `at most the ${columns.length} columns that the model learns from`
      : 'a model of a table that tells the loss of each column, such as preset tabular',
    got: columns ? String(blamed) : `model ${model.name}`,
    fix: columns ? 'Name fewer.' : 'Leave it out.',
  });
}

function otherThan(name: string, asked: number | string, fitted: number | string): ConfigError {
  return new ConfigError({
    code: 'CONFIG_CONFLICT',
    where: `--${name}`,
    expected: `${fitted}, as the threshold was fitted with`,
    got: String(asked),
    fix: 'Leave it out, or fit another threshold.',
  });
}
