/** The three ways to classify: each learns, where it has to, and then predicts. */
import { fitLinearProbe, rowsOf, type Rows } from '@lockstep/core/metrics';
import { classNamesOf, firstExamples, labelsNamed, openData } from '@lockstep/data';
import { RunError } from '../errors.ts';
import { withAllLabels } from '../openRun.ts';
import { elementCount } from '../run/namedTensor.ts';
import {
  checkNeighbours,
  checkUseful,
  type ClassifyMethod,
  type ClassifyOptions,
} from './classifyOptions.ts';
import { encodeInPieces, KeptRows, latentsOf } from './latents.ts';
import type { TrainedModel, UseData } from './openTrained.ts';

export interface Classifier {
  readonly method: ClassifyMethod;
  /** For a picture. */
  readonly title: string;
  readonly trainExamples?: number;
  /** Whether examples of a class were learned from: others are never called so. */
  knows(label: number): boolean;
  predict(data: UseData): Promise<{
    readonly classes: Int32Array;
    /** Of the predicted class. */
    readonly probabilities?: Float32Array;
  }>;
}

/** Most labelled examples to learn from: more take long and hardly change a linear classifier. */
const MOST_TRAIN = 20_000;
const NEIGHBOURS = 10;

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
    return ownClassifier(trained, options);
  }
  const learned = await labelledRows(trained, options);
  const on = options.inputs === 'values' ? 'values' : 'latents';
  const known = new Set(learned.labels);
  const knows = (label: number): boolean => known.has(label);
  const common = { method, trainExamples: learned.rows.count, knows };
  const rowsToClassify = (data: UseData) => inputRows(trained, data, options);
  if (method === 'knn') {
    checkNeighbours(options, learned.rows.count);
    const k = Math.min(options.neighbours ?? NEIGHBOURS, learned.rows.count);
    return {
      ...common,
      title: `${k} nearest neighbours on ${on}`,
      predict: async (data) => {
        const queries = await rowsToClassify(data);
        const work = { kind: 'nearestNeighbourClasses', queries, points: learned, k } as const;
        return { classes: Int32Array.from(await trained.compare(work, queries.count)) };
      },
    };
  }
  const probe = fitLinearProbe(learned.rows, learned.labels, {
    classes: 1 + learned.labels.reduce((most, label) => Math.max(most, label), 0),
  });
  return {
    ...common,
    title: `Logistic regression on ${on}`,
    predict: async (data) => largest(probe.probabilities(await rowsToClassify(data))),
  };
}

function ownClassifier(trained: TrainedModel, options: ClassifyOptions): Classifier {
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
    predict: async (data) => {
      const classes = new Int32Array(data.info.count);
      const probabilities = new Float32Array(data.info.count);
      await encodeInPieces(trained, data, {
        ...progress(options),
        onRows: (rows, { first }) => {
          const shares = rows['probabilities'];
          if (!shares) throw new Error('encode gave no probabilities');
          const piece = largest(shares);
          classes.set(piece.classes, first);
          probabilities.set(piece.probabilities, first);
        },
      });
      return { classes, probabilities };
    },
  };
}

/** The first training examples with labels. */
async function labelledRows(
  trained: TrainedModel,
  options: ClassifyOptions,
): Promise<{ readonly rows: Rows; readonly labels: Int32Array }> {
  const data = await trained.own('train');
  const labels = await labelsToLearn(trained, data, options);
  const chosen: number[] = [];
  labels?.forEach((label, i) => {
    if (label >= 0 && chosen.length < MOST_TRAIN) chosen.push(i);
  });
  const known = Int32Array.from(chosen, (i) => labels?.[i] ?? -1);
  if (new Set(known).size < 2) throw noLabels(data.info.source, known.length);
  const examples = 1 + (chosen.at(-1) ?? 0);
  const rows = await inputRows(trained, data, { ...options, examples, chosen: new Set(chosen) });
  return { rows, labels: known };
}

/** Those that training saw, or as many as are asked for. */
async function labelsToLearn(
  trained: TrainedModel,
  own: UseData,
  { labels }: ClassifyOptions,
): Promise<Int32Array | undefined> {
  const { data } = trained.config;
  const keep = labels ?? data.labels;
  if (keep === undefined) return own.labels;
  const options = { ...withAllLabels(data), labels: keep };
  const opened = await openData(data.source, options, trained.format);
  await opened.close();
  return opened.labels.train;
}

interface RowsToTake extends ClassifyOptions {
  /** The first so many; default: all. */
  readonly examples?: number;
  /** Of these, the ones to keep; default: all. */
  readonly chosen?: ReadonlySet<number>;
}

/** What a classifier sees of examples, in shared memory. */
async function inputRows(trained: TrainedModel, data: UseData, options: RowsToTake): Promise<Rows> {
  const { examples = data.info.count, chosen } = options;
  const count = chosen?.size ?? examples;
  if (options.inputs === 'values') {
    const dim = elementCount(data.info.shape);
    const dataset = await data.load();
    if (dataset.windows) throw tooMuch(data.info.source);
    const values = rowsOf(firstExamples(dataset, examples, trained.config.seed), dim);
    if (values.data.some(Number.isNaN)) throw missingValues(data.info.source);
    return kept(new KeptRows(count, dim), values, 0, chosen);
  }
  const latents = latentsOf(trained);
  const rows = new KeptRows(count, latents.dim);
  await encodeInPieces(trained, data, {
    examples,
    ...progress(options),
    onRows: (outputs, { first }) => {
      const codes = outputs[latents.output];
      if (!codes) throw new Error(`encode gave no ${latents.output}`);
      kept(rows, codes, first, chosen);
    },
  });
  return rows.rows;
}

function kept(
  into: KeptRows,
  rows: Rows,
  first: number,
  chosen: ReadonlySet<number> | undefined,
): Rows {
  for (let i = 0; i < rows.count; i++) {
    if (!chosen || chosen.has(first + i)) into.add(rows, i);
  }
  return into.rows;
}

function progress({ onProgress }: ClassifyOptions): Pick<ClassifyOptions, 'onProgress'> {
  return onProgress ? { onProgress } : {};
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

function noLabels(source: string, labelled: number): RunError {
  return new RunError({
    code: 'RUN_NO_LABELS',
    where: `${source}, training part`,
    expected: 'labels of two classes or more to learn from',
    got: labelled === 0 ? 'none' : `${labelled} labels of one class`,
    fix: 'Train on data with labels: a column of kind label, subfolders, or a file of them.',
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

function tooMuch(source: string): RunError {
  return new RunError({
    code: 'RUN_DATA_STREAMED',
    where: '--inputs values',
    expected: 'examples that fit in memory',
    got: `${source}, which is streamed`,
    fix: 'Classify by the latents: leave --inputs out.',
  });
}
