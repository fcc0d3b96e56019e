/** The threshold above which an example is called anomalous: the command `anomaly fit`. */
import { falsePositiveThreshold, scoresNeeded } from '@lockstep/core/metrics';
import type { DataPart } from '@lockstep/data';
import { ConfigError, RunError } from '../../errors.ts';
import { checkOutput } from '../../run/checkOutput.ts';
import { weightsSha256 } from '../../run/weightsSha256.ts';
import type { Noticed } from '../notices.ts';
import type { TrainedModel, UseData } from '../openTrained.ts';
import { trueClasses } from '../trueClasses.ts';
import type { UseOptions } from '../useOptions.ts';
import { openUseData, type DataChoice } from '../useData.ts';
import { DEFAULT_DRAWS, requireScore, scoreExamples, type ScoreSettings } from './anomalyScores.ts';
import { typicalLosses } from './columnBlame.ts';
import { knownAnomalies, type NormalChoice } from './normalLabels.ts';
import { writeThreshold, type FittedThreshold } from './thresholdFile.ts';
import { withTrained } from '../withTrained.ts';

/** Labels named at most. */
const MOST_NAMED = 5;

export interface AnomalyFitOptions
  extends UseOptions, DataChoice, NormalChoice, Partial<ScoreSettings> {
  /** Wanted share of new normal examples above the threshold, in (0, 1). Default 0.01. */
  readonly fpr?: number;
  /** The JSON file to write. */
  readonly out: string;
}

export interface AnomalyFitResult extends FittedThreshold, Noticed {
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
  checkOutput(options.out, '--out');
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
  if (!known) noticeAllNormal(trained, data);
  const isNormal = (example: number): boolean => !known || known.truth[example] === 0;
  const scores = await scoreExamples(trained, data, settings);
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

/** Labels of which nobody said which are normal are no reason to stop, but seldom meant. */
function noticeAllNormal(trained: TrainedModel, data: UseData): void {
  const truth = trueClasses(trained, data);
  if (!truth) return;
  const counts = new Map<number, number>();
  for (const label of truth.labels) {
    if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  if (counts.size < 2) return;
  const labels = Array.from(counts, ([label, examples]) => ({
    label: truth.names?.[label] ?? String(label),
    examples,
  })).sort((a, b) => b.examples - a.examples || (a.label < b.label ? -1 : 1));
  const named = labels.slice(0, MOST_NAMED).map(({ label, examples }) => `${label} (${examples})`);
  const more = labels.length > MOST_NAMED ? ` and ${labels.length - MOST_NAMED} more` : '';
  trained.notice({
    code: 'NOTICE_ALL_NORMAL',
    text:
      `All examples are taken as normal, whatever their label: ${named.join(', ')}${more}. ` +
      `If only some are, say which: --normal ${labels[0]?.label ?? ''}.`,
    labels,
  });
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
