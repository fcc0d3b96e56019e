/**
 * Classes of examples, from what a trained model makes of them: the command `classify`.
 *
 *   logistic   multinomial logistic regression on the latents, of the training examples' labels
 *   knn        the nearest of their latents
 *   model      the model's own classifier, where it has one (presets semi and semi-stacked, --model-option classes)
 *
 * Learned from the labels that training saw: a model trained with --labels 100 is judged with 100.
 */
import { basename } from 'node:path';
import {
  accuracy,
  confusionMatrix,
  confusionScores,
  type ClassScores,
  type ConfusionScores,
} from '@lockstep/core/metrics';
import { classNamesOf } from '@lockstep/data';
import { RunError } from '../errors.ts';
import { confusionPlot } from '../plot/confusionPlot.ts';
import { checkPlotPath, drawPlot } from '../plot/drawPlot.ts';
import { checkTablePath, isNpyPath } from '../results/resultTable.ts';
import type { ResultColumn } from '../results/tableFormat.ts';
import { writeTogether, type FileSet } from '../run/fileSet.ts';
import { classifierOf, type Classifier, type Predictions } from './classifiers.ts';
import type { ClassifyMethod, ClassifyOptions } from './classifyOptions.ts';
import { checkKeep, createExampleTable, type KeepOptions } from './exampleTable.ts';
import { checkUse } from './kindsOfUses.ts';
import { labelColumn, labelValues } from './labelColumn.ts';
import type { Noticed } from './notices.ts';
import type { TrainedModel, UseData } from './openTrained.ts';
import { trueClasses, type TrueClasses } from './trueClasses.ts';
import { openUseData } from './useData.ts';
import { withTrained } from './withTrained.ts';

export interface ClassifyResult extends Noticed {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  readonly method: ClassifyMethod;
  /** What was classified. */
  readonly source: string;
  readonly examples: number;
  /** Labelled examples that were learned from; not of `model`. */
  readonly trainExamples?: number;
  /** Examples with a label to compare with. What follows is of these, and absent without any. */
  readonly labelled: number;
  readonly accuracy?: number;
  /** Means over those classes that have examples or predictions. */
  readonly macro?: ConfusionScores['macro'];
  readonly perClass?: readonly (ClassScores & { readonly class: string })[];
  /**
   * Classes of these that the classifier never learned, and so never names: all their examples count as
   * wrong. Absent where there are none.
   */
  readonly unseen?: readonly { readonly class: string; readonly examples: number }[];
  /** Row: true class, column: predicted. */
  readonly confusion?: readonly (readonly number[])[];
  readonly files: readonly { readonly kind: 'predictions' | 'confusion'; readonly path: string }[];
}

/**
 * @param run a run folder, or one of its checkpoint files
 * @throws CheckpointError, ConfigError, DataError, ModelError, RunError
 */
export async function classifyRun(run: string, options: ClassifyOptions): Promise<ClassifyResult> {
  if (options.out !== undefined) checkTablePath(options.out);
  if (options.plot !== undefined) checkPlotPath(options.plot, '--plot');
  checkKeep(options);
  return withTrained(run, options, async (trained) => {
    checkUse('classify', trained);
    return writeTogether((written) => classify(trained, options, written));
  });
}

async function classify(
  trained: TrainedModel,
  options: ClassifyOptions,
  written: FileSet,
): Promise<ClassifyResult> {
  const data = await openUseData(trained, options, {
    outputs: [
      { path: options.out, where: '--out' },
      { path: options.plot, where: '--plot' },
    ],
  });
  const truth = trueClasses(trained, data);
  const known = indicesOfKnown(truth?.labels);
  const { plot, out } = options;
  if (plot !== undefined && known.length === 0) throw noLabels(data.info.source);
  const classNames = truth ? truth.names : classNamesOf(trained.format);
  const classifier = await classifierOf(trained, options);
  const predictions = await classifier.predict(data);
  const files: ClassifyResult['files'][number][] = [];
  if (out !== undefined) {
    const { keep } = options;
    const named = { data, truth, classNames, files: written };
    await writePredictions(out, { ...predictions, ...named, ...(keep && { keep }) });
    files.push({ kind: 'predictions', path: out });
  }
  const compared =
    truth && known.length > 0
      ? compare(predictions.classes, truth.labels, {
          known,
          classes: Math.max(trained.example.classes ?? 0, classNames?.length ?? 0),
        })
      : undefined;
  if (plot !== undefined && compared) {
    const title = `${classifier.title}, ${basename(data.info.source)}`;
    const named = classNames && { classNames };
    await drawPlot(confusionPlot({ title, matrix: compared.matrix, ...named }), plot, written);
    files.push({ kind: 'confusion', path: plot });
  }
  const { checkpoint, step } = trained;
  return {
    checkpoint,
    step,
    method: classifier.method,
    source: data.info.source,
    examples: data.info.count,
    ...(classifier.trainExamples !== undefined && { trainExamples: classifier.trainExamples }),
    labelled: known.length,
    ...(compared && scoresOf(compared, classNames)),
    ...(compared && unseenIn(compared, classifier, classNames)),
    files,
  };
}

function indicesOfKnown(labels: Int32Array | undefined): Int32Array {
  const known = Int32Array.from({ length: labels?.length ?? 0 }, (_, i) => i);
  return known.filter((i) => (labels?.[i] ?? -1) >= 0);
}

interface Compared {
  /** Which examples. */
  readonly known: Int32Array;
  /** As many as have a name, or training knows. */
  readonly classes: number;
}

function compare(predicted: Int32Array, labels: Int32Array, { known, classes }: Compared) {
  const truth = known.map((i) => labels[i] ?? -1);
  const called = known.map((i) => predicted[i] ?? -1);
  const all = Math.max(classes, 1 + Math.max(maximum(truth), maximum(called)));
  return { truth, called, matrix: confusionMatrix(called, truth, all) };
}

function scoresOf(
  { truth, called, matrix }: ReturnType<typeof compare>,
  classNames: readonly string[] | undefined,
) {
  const { perClass, macro } = confusionScores(matrix);
  const { classes, counts } = matrix;
  return {
    accuracy: accuracy(called, truth),
    macro,
    perClass: perClass.map((scores, c) => ({ class: nameOf(c, classNames), ...scores })),
    confusion: perClass.map((_, c) => Array.from(counts.subarray(c * classes, (c + 1) * classes))),
  };
}

function unseenIn(
  { truth }: ReturnType<typeof compare>,
  classifier: Classifier,
  classNames: readonly string[] | undefined,
): Pick<ClassifyResult, 'unseen'> {
  const counts = new Map<number, number>();
  for (const label of truth) {
    if (!classifier.knows(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const unseen = Array.from(counts, ([label, examples]) => ({
    class: nameOf(label, classNames),
    examples,
  }));
  unseen.sort((a, b) => b.examples - a.examples || (a.class < b.class ? -1 : 1));
  return unseen.length > 0 ? { unseen } : {};
}

function nameOf(label: number, classNames: readonly string[] | undefined): string {
  return classNames?.[label] ?? String(label);
}

function maximum(values: Int32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** Rows written at a time. */
const BLOCK = 16_384;

interface PredictionsTable extends Predictions, KeepOptions {
  readonly files: FileSet;
  readonly data: UseData;
  readonly truth: TrueClasses | undefined;
  readonly classNames: readonly string[] | undefined;
}

/** `.npy` holds no names: there classes are the numbers of training, and what it never saw is -1. */
async function writePredictions(path: string, predictions: PredictionsTable): Promise<void> {
  const { classes, probabilities, data, truth } = predictions;
  const isNpy = isNpyPath(path);
  const classNames = isNpy ? undefined : predictions.classNames;
  const labels = isNpy ? data.labels : truth?.labels;
  const columns: ResultColumn[] = [
    labelColumn('predicted', classNames),
    ...(probabilities ? [{ name: 'probability', type: 'float32' as const }] : []),
    ...(labels ? [labelColumn('label', classNames)] : []),
  ];
  const table = await createExampleTable(path, columns, data, predictions);
  try {
    for (let first = 0; first < classes.length; first += BLOCK) {
      const end = Math.min(first + BLOCK, classes.length);
      await table.append({ first, count: end - first }, [
        labelValues(classes.subarray(first, end), classNames),
        ...(probabilities ? [probabilities.subarray(first, end)] : []),
        ...(labels ? [labelValues(labels.subarray(first, end), classNames)] : []),
      ]);
    }
    await table.finish();
  } finally {
    await table.close();
  }
}

function noLabels(source: string): RunError {
  return new RunError({
    code: 'RUN_NO_LABELS',
    where: source,
    expected: 'examples with labels, to draw a confusion matrix of',
    got: 'none',
    fix: 'Leave --plot out, or classify data with labels.',
  });
}
