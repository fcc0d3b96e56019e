/** The three ways to classify: each learns, where it has to, and then predicts. */
import { fitLinearProbe, rowsOf, type Rows } from '@lockstep/core/metrics';
import { classNamesOf, hideLabels, labelsNamed } from '@lockstep/data';
import { RunError } from '../errors.ts';
import type { RowsByOutput } from '../rows/mapRows.ts';
import { elementCount } from '../run/namedTensor.ts';
import {
  checkNeighbours,
  checkUseful,
  type ClassifyMethod,
  type ClassifyOptions,
} from './classifyOptions.ts';
import { exampleGroups } from './exampleGroups.ts';
import { encodeInPieces, KeptRows, latentsOf } from './latents.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface Classifier {
  readonly method: ClassifyMethod;
  /** For a picture. */
  readonly title: string;
  readonly trainExamples?: number;
  /** Whether examples of a class were learned from: others are never called so. */
  knows(label: number): boolean;
  predict(data: UseData): Promise<Predictions>;
}

/** One an example. */
export interface Predictions {
  readonly classes: Int32Array;
  /** Of the predicted class. */
  readonly probabilities?: Float32Array;
}

/** Most labelled examples to learn from: more take long and hardly change a linear classifier. */
const MOST_TRAIN = 20_000;
const NEIGHBOURS = 10;
/** Values of examples that are in memory at a time. */
const PIECE_VALUES = 2 ** 22;

/** @throws ConfigError, DataError, RunError */
export async function classifierOf(
  trained: TrainedModel,
  options: ClassifyOptions,
): Promise<Classifier> {
  const own = trained.model.functions?.['encode']?.outputs['probabilities'];
  const method = options.method ?? (own ? 'model' : 'logistic');
  checkUseful(options, method);
  if (method === 'model') {
    if (!own) throw noClassifier(trained.model.name);
    return ownClassifier(trained);
  }
  const learned = await labelledRows(trained, options);
  const on = options.inputs === 'values' ? 'values' : 'latents';
  const known = new Set(learned.labels);
  const knows = (label: number): boolean => known.has(label);
  const common = { method, trainExamples: learned.rows.count, knows };
  const predict = (data: UseData, ofRows: RowsClassifier) =>
    predictPieces(data, ofRows, (take) => eachInput(trained, data, options, take));
  if (method === 'knn') {
    checkNeighbours(options, learned.rows.count);
    const k = Math.min(options.neighbours ?? NEIGHBOURS, learned.rows.count);
    return {
      ...common,
      title: `${k} nearest neighbours on ${on}`,
      predict: (data) =>
        predict(data, async (queries) => {
          const work = { kind: 'nearestNeighbourClasses', queries, points: learned, k } as const;
          return { classes: await trained.compare(work, queries.count) };
        }),
    };
  }
  const probe = fitLinearProbe(learned.rows, learned.labels, {
    classes: 1 + learned.labels.reduce((most, label) => Math.max(most, label), 0),
  });
  return {
    ...common,
    title: `Logistic regression on ${on}`,
    predict: (data) => predict(data, (rows) => largest(probe.probabilities(rows))),
  };
}

function ownClassifier(trained: TrainedModel): Classifier {
  const { format, example, config } = trained;
  const { classes = 0 } = example;
  const { onlyLabels } = config.data;
  const where = 'the run, onlyLabels';
  const only =
    onlyLabels && labelsNamed(onlyLabels, { where, names: classNamesOf(format), count: classes });
  return {
    method: 'model',
    knows: (label) => label < classes && (!only || only.has(label)),
    title: `Model ${trained.model.name}`,
    predict: (data) =>
      predictPieces(data, largest, (take) =>
        encodeInPieces(trained, data, {
          onRows: (rows, { first }) => take(output(rows, 'probabilities'), first),
        }),
      ),
  };
}

/** Of each row its class and, where that is known, how probable it is. */
interface RowClasses {
  readonly classes: ArrayLike<number>;
  readonly probabilities?: Float32Array;
}

type RowsClassifier = (rows: Rows) => RowClasses | Promise<RowClasses>;

/** Takes the rows that begin with example `first`; they are overwritten afterwards. */
type TakeRows = (rows: Rows, first: number) => Promise<void>;

/** 8 bytes of memory an example, whatever its size. */
async function predictPieces(
  { info: { count } }: UseData,
  ofRows: RowsClassifier,
  eachPiece: (take: TakeRows) => Promise<void>,
): Promise<Predictions> {
  const classes = new Int32Array(count);
  let probabilities: Float32Array | undefined;
  await eachPiece(async (rows, first) => {
    const piece = await ofRows(rows);
    classes.set(piece.classes, first);
    if (!piece.probabilities) return;
    probabilities ??= new Float32Array(count);
    probabilities.set(piece.probabilities, first);
  });
  return { classes, ...(probabilities && { probabilities }) };
}

/** The first training examples with labels; these alone stay in memory. */
async function labelledRows(
  trained: TrainedModel,
  options: ClassifyOptions,
): Promise<{ readonly rows: Rows; readonly labels: Int32Array }> {
  const data = await trained.own('train');
  const labels = labelsToLearn(trained, data, options);
  const chosen: number[] = [];
  labels?.forEach((label, i) => {
    if (label >= 0 && chosen.length < MOST_TRAIN) chosen.push(i);
  });
  const known = Int32Array.from(chosen, (i) => labels?.[i] ?? -1);
  if (new Set(known).size < 2) {
    throw noLabels(data.info.source, known.length, trained.config.data.onlyLabels);
  }
  const examples = 1 + (chosen.at(-1) ?? 0);
  const { inputs } = options;
  const dim = inputs === 'values' ? elementCount(data.info.shape) : latentsOf(trained).dim;
  const rows = new KeptRows(chosen.length, dim);
  let next = 0;
  await eachInput(trained, data, { ...(inputs && { inputs }), examples }, (piece, first) => {
    for (; (chosen[next] ?? Infinity) < first + piece.count; next++) {
      rows.add(piece, (chosen[next] ?? 0) - first);
    }
    return Promise.resolve();
  });
  return { rows: rows.rows, labels: known };
}

/** Those that training saw, or as many as are asked for: the same ones as training with so many. */
function labelsToLearn(
  { config }: TrainedModel,
  { labels, info }: UseData,
  options: ClassifyOptions,
): Int32Array | undefined {
  const keep = options.labels ?? config.data.labels;
  return labels && keep !== undefined ? hideLabels(info.source, labels, keep) : labels;
}

interface InputOptions extends Pick<ClassifyOptions, 'inputs'> {
  /** The first so many; default: all. */
  readonly examples?: number;
}

/** What a classifier sees of examples, piece by piece, in shared memory. */
async function eachInput(
  trained: TrainedModel,
  data: UseData,
  { inputs, examples = data.info.count }: InputOptions,
  take: TakeRows,
): Promise<void> {
  if (inputs !== 'values') {
    const latents = latentsOf(trained);
    return encodeInPieces(trained, data, {
      examples,
      onRows: (rows, { first }) => take(output(rows, latents.output), first),
    });
  }
  const dim = elementCount(data.info.shape);
  const rows = Math.ceil(PIECE_VALUES / dim);
  const onRead = (done: number, total: number): void => trained.tell(done, total, 'values');
  for await (const { first, x } of exampleGroups(trained, data, { rows, most: examples, onRead })) {
    if (x.some(Number.isNaN)) throw missingValues(data.info.source);
    await take(rowsOf(x, dim), first);
  }
}

function output(rows: RowsByOutput, name: string): Rows {
  const found = rows[name];
  if (!found) throw new Error(`encode gave no ${name}`);
  return found;
}

/** The class of the largest share of each row, the first of equal ones. */
function largest({ data, count, dim }: Rows) {
  const classes = new Int32Array(count);
  const probabilities = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < dim; c++) {
      const share = data[i * dim + c] ?? 0;
      if (c > 0 && !(share > (data[i * dim + (classes[i] ?? 0)] ?? 0))) continue;
      classes[i] = c;
      probabilities[i] = share;
    }
  }
  return { classes, probabilities };
}

/** `onlyLabels`: those that the run was trained on alone. */
function noLabels(
  source: string,
  labelled: number,
  onlyLabels: readonly string[] | undefined,
): RunError {
  return new RunError({
    code: 'RUN_NO_LABELS',
    where: `${source}, training part`,
    expected: 'labels of two classes or more to learn from',
    got: labelled === 0 ? 'none' : `${labelled} labels of one class`,
    fix: onlyLabels
      ? `The run was trained with --only-labels ${onlyLabels.join(',')}: use one trained on more classes.`
      : 'Train on data with labels: a column of kind label, subfolders, or a file of them.',
  });
}

function noClassifier(model: string): RunError {
  return new RunError({
    code: 'RUN_NO_CLASSIFIER',
    where: '--method model',
    expected: 'a model whose `encode` returns probabilities',
    got: `model ${model}, which has no classifier`,
    fix: 'Use --method logistic or knn, or train one: preset semi-stacked.',
  });
}

function missingValues(source: string): RunError {
  return new RunError({
    code: 'RUN_MISSING_VALUES',
    where: source,
    expected: 'examples whose values are all known, to classify by them',
    got: 'missing ones',
    fix: 'Classify by the latents: leave --inputs out.',
  });
}
