/** The threshold above which an example is called anomalous: the command `anomaly fit`. */
import { falsePositiveThreshold, scoresNeeded } from '@lockstep/core/metrics';
import type { DataPart } from '@lockstep/data';
import { ConfigError, RunError } from '../../errors.ts';
import { weightsSha256 } from '../../run/weightsSha256.ts';
import { withTrained, type OpenTrainedOptions, type TrainedModel } from '../openTrained.ts';
import { openUseData, type DataChoice } from '../useData.ts';
import { DEFAULT_DRAWS, requireScore, scoreExamples, type ScoreSettings } from './anomalyScores.ts';
import { typicalLosses } from './columnBlame.ts';
import { knownAnomalies, type NormalChoice } from './normalLabels.ts';
import { writeThreshold, type FittedThreshold } from './thresholdFile.ts';

export interface AnomalyFitOptions
  extends OpenTrainedOptions, DataChoice, NormalChoice, Partial<ScoreSettings> {
  /** Wanted share of new normal examples above the threshold, in (0, 1). Default 0.01. */
  readonly fpr?: number;
  /** The JSON file to write. */
  readonly out: string;
  /** Of batches. */
  onProgress?(done: number, total: number): void;
}

export interface AnomalyFitResult extends FittedThreshold {
  /** Examples of the data that are not normal, and were left out. */
  readonly leftOut: number;
  readonly path: string;
}

/**
 * Fits a threshold on normal examples that were not trained on: the validation part where the run has
 * one, else the test part, or other data. By default normal are those whose labels training was on alone
 * (`onlyLabels`), else all.
 *
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError (too few examples for the rate)
 */
export async function anomalyFitRun(
  run: string,
  options: AnomalyFitOptions,
): Promise<AnomalyFitResult> {
  const { fpr = 0.01 } = options;
  if (!(fpr > 0 && fpr < 1)) throw badRate(fpr);
  return withTrained(run, options, (trained) => fit(trained, { ...options, fpr }));
}

async function fit(
  trained: TrainedModel,
  options: AnomalyFitOptions & { readonly fpr: number },
): Promise<AnomalyFitResult> {
  const { score = 'elbo', seed = 0, fpr, out } = options;
  const settings = { score, draws: options.draws ?? DEFAULT_DRAWS[score], seed };
  requireScore(trained, score);
  const part = options.data === undefined ? await partOf(trained, options.part) : undefined;
  const data = await openUseData(trained, { ...options, ...(part !== undefined && { part }) });
  const known = knownAnomalies(trained, data, options);
  const isNormal = (example: number): boolean => !known || known.truth[example] === 0;
  const { onProgress } = options;
  const scores = await scoreExamples(trained, data, {
    ...settings,
    ...(onProgress && { onProgress }),
  });
  const normals = scores.filter((_, example) => isNormal(example));
  const needed = scoresNeeded(fpr);
  if (normals.length < needed) throw tooFew(data.info.source, { fpr, needed, got: normals.length });
  const { threshold, exceeded } = falsePositiveThreshold(normals, fpr);
  const columnLosses = await typicalLosses(trained, data, settings, isNormal);
  const { checkpoint, step, model, parameters } = trained;
  const { source } = data.info;
  const examples = normals.length;
  const fitted: FittedThreshold = {
    threshold,
    ...settings,
    falsePositiveRate: fpr,
    heldOut: { source, ...(part !== undefined && { part }), examples, exceeded },
    model: model.name,
    checkpoint,
    step,
    weightsSha256: weightsSha256(parameters),
    ...(columnLosses && { columnLosses }),
  };
  await writeThreshold(out, fitted);
  return { ...fitted, leftOut: scores.length - examples, path: out };
}

/** The validation part, where the run has one. */
async function partOf(trained: TrainedModel, asked: DataPart | undefined): Promise<DataPart> {
  if (asked !== undefined) return asked;
  try {
    await trained.own('validation');
    return 'validation';
  } catch (error) {
    if (error instanceof RunError && error.code === 'RUN_NO_SUCH_PART') return 'test';
    throw error;
  }
}

function badRate(fpr: number): ConfigError {
  return new ConfigError({
    code: 'CONFIG_RATE',
    where: '--fpr',
    expected: 'a share greater than 0 and less than 1, such as 0.01',
    got: String(fpr),
    fix: 'Give the share of normal examples that may be called anomalous.',
  });
}

function tooFew(
  where: string,
  { fpr, needed, got }: { readonly fpr: number; readonly needed: number; readonly got: number },
): RunError {
  return new RunError({
    code: 'RUN_TOO_FEW_NORMALS',
    where,
    expected: `at least ${needed} normal examples for a false-positive rate of ${fpr}`,
    got: String(got),
    fix: 'Hold out more, or allow a higher rate (--fpr).',
  });
}
