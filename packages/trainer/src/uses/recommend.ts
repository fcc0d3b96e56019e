/**
 * Items for users, the likeliest that they do not have: the command `recommend`. Needs a model with the
 * function `scores`, trained on ratings (preset `recommend`).
 *
 * Judged as Liang, Krishnan, Hoffman, Jebara: "Variational Autoencoders for Collaborative Filtering" (2018),
 * section 4, do: of each user's items a fifth is hidden, the model is shown the rest, and recall and NDCG
 * say how far up the hidden ones come; beside the same of popularity, which is one list for everybody.
 */
import { ndcgAtK, recallAtK, topItems } from '@lockstep/core/metrics';
import {
  datasetOfRows,
  datasetRows,
  rowItems,
  rowsAt,
  splitItems,
  userPosition,
  type SparseRows,
} from '@lockstep/data/ratings';
import { RunError } from '../errors.ts';
import { createTable, type ResultTable } from '../results/resultTable.ts';
import type { ResultColumn } from '../results/tableFormat.ts';
import { withTrained, type TrainedModel, type UseData } from './openTrained.ts';
import { checkOptions, type RecommendOptions } from './recommendOptions.ts';
import { openUseData } from './useData.ts';

export interface Recommendation {
  readonly user: string;
  /** From 1. */
  readonly rank: number;
  readonly item: string;
  /** The higher the likelier; a logit, comparable for one user alone. */
  readonly score: number;
}

/** Means over users: 1 where all hidden items come first. */
export interface RankingMeasures {
  readonly recall20: number;
  readonly recall50: number;
  readonly ndcg100: number;
}

export interface RecommendResult {
  /** Path of the checkpoint. */
  readonly checkpoint: string;
  readonly step: number;
  readonly source: string;
  readonly users: number;
  readonly items: number;
  readonly top: number;
  /** Of the one user that was asked for. */
  readonly recommendations?: readonly Recommendation[];
  readonly evaluation?: {
    /** Those of whom an item could be hidden. */
    readonly users: number;
    readonly model: RankingMeasures;
    /** Of items by how many users of the training part have them. */
    readonly popularity: RankingMeasures;
  };
  readonly files: readonly { readonly kind: 'recommendations'; readonly path: string }[];
}

const COLUMNS: readonly ResultColumn[] = [
  { name: 'user', type: 'string' },
  { name: 'rank', type: 'int32' },
  { name: 'item', type: 'string' },
  { name: 'score', type: 'float32' },
];
/** Bytes of scores that are kept at a time. */
const PIECE_BYTES = 64 * 2 ** 20;

/** @throws ConfigError, DataError, RunError; as `openTrained` */
export async function recommendRun(
  run: string,
  options: RecommendOptions,
): Promise<RecommendResult> {
  const {
    out,
    user,
    top = 10,
    evaluate = options.data === undefined && user === undefined,
  } = options;
  checkOptions(options, evaluate);
  return withTrained(run, options, async (trained) => {
    const items = itemsOf(trained);
    trained.require('scores');
    const { data, users, rows } = await ratingsOf(trained, options);
    const evaluation = evaluate ? await judge(trained, { data, rows, options }) : undefined;
    const listed = { items, users, top: Math.min(top, items.length) };
    const table = out === undefined ? undefined : await createTable(out, COLUMNS);
    const own: Recommendation[] = [];
    if (table || user !== undefined) {
      const take = async (list: readonly Recommendation[]): Promise<void> => {
        if (user !== undefined) own.push(...list);
        await table?.append(columnsOf(list));
      };
      await list(trained, { data, rows, options, ...listed, take }, table);
    }
    const { checkpoint, step } = trained;
    return {
      checkpoint,
      step,
      source: data.info.source,
      users: users.length,
      items: items.length,
      top: listed.top,
      ...(user !== undefined && { recommendations: own }),
      ...(evaluation && { evaluation }),
      files: out === undefined ? [] : [{ kind: 'recommendations', path: out }],
    };
  });
}

interface Ratings {
  readonly data: UseData;
  /** What the model is shown of each user. */
  readonly rows: SparseRows;
  readonly options: RecommendOptions;
}

interface Listing extends Ratings {
  readonly items: readonly string[];
  readonly users: readonly string[];
  readonly top: number;
  take(list: readonly Recommendation[]): Promise<void>;
}

/** What users do not have, the likeliest first. */
async function list(
  trained: TrainedModel,
  { items, users, top, take, ...ratings }: Listing,
  table: ResultTable | undefined,
): Promise<void> {
  try {
    await eachUser(trained, ratings, async (first, scores) => {
      const found = scores.flatMap((values, i) =>
        Array.from(topItems(values, top, rowItems(ratings.rows, first + i)), (item, rank) => ({
          user: users[first + i] ?? '',
          rank: rank + 1,
          item: items[item] ?? '',
          score: values[item] ?? NaN,
        })),
      );
      await take(found);
    });
    await table?.finish();
  } catch (error) {
    await table?.discard();
    throw error;
  }
}

async function judge(
  trained: TrainedModel,
  { data, rows, options }: Ratings,
): Promise<NonNullable<RecommendResult['evaluation']>> {
  const { foldIn, heldOut } = splitItems(rows);
  const popular = await popularity(trained);
  const [model, baseline] = [new Means(), new Means()];
  await eachUser(trained, { data, rows: foldIn, options }, (first, scores) => {
    scores.forEach((values, i) => {
      const [shown, hidden] = [rowItems(foldIn, first + i), rowItems(heldOut, first + i)];
      if (hidden.length === 0) return;
      const relevant = new Set(hidden);
      model.add(topItems(values, 100, shown), relevant);
      baseline.add(topItems(popular, 100, shown), relevant);
    });
  });
  if (model.users === 0) throw nothingHidden(data.info.source);
  return { users: model.users, model: model.measures, popularity: baseline.measures };
}

/** How many users of the training part have each item. [items] */
async function popularity(trained: TrainedModel): Promise<Float64Array> {
  const counts = new Float64Array(itemsOf(trained).length);
  const rows = datasetRows(await (await trained.own('train')).load());
  for (const item of rows?.places ?? []) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}

class Means {
  readonly #sums = [0, 0, 0];
  users = 0;

  add(ranked: Int32Array, relevant: ReadonlySet<number>): void {
    this.users += 1;
    const values = [
      recallAtK(ranked, relevant, 20),
      recallAtK(ranked, relevant, 50),
      ndcgAtK(ranked, relevant, 100),
    ];
    values.forEach((value, i) => (this.#sums[i] = (this.#sums[i] ?? 0) + value));
  }

  get measures(): RankingMeasures {
    const [recall20 = 0, recall50 = 0, ndcg100 = 0] = this.#sums.map((sum) => sum / this.users);
    return { recall20, recall50, ndcg100 };
  }
}

/** The scores of all items for users `first` ..., piece by piece. */
async function eachUser(
  trained: TrainedModel,
  { data, rows, options: { onProgress } }: Ratings,
  take: (first: number, scores: readonly Float32Array[]) => void | Promise<void>,
): Promise<void> {
  const dataset = datasetOfRows(rows, await data.load());
  const shown: UseData = { info: dataset, labels: undefined, load: () => Promise.resolve(dataset) };
  const items = itemsOf(trained).length;
  await trained.map('scores', shown, {
    pieceRows: Math.max(1, Math.floor(PIECE_BYTES / (4 * items))),
    ...(onProgress && { onRound: onProgress }),
    onRows: ({ scores }, { first, count }) => {
      if (!scores) throw new Error('no scores');
      const all = Float32Array.from(scores.data);
      const user = (i: number): Float32Array => all.subarray(i * items, (i + 1) * items);
      return take(
        first,
        Array.from({ length: count }, (_, i) => user(i)),
      );
    },
  });
}

/** All users of the data, or the one that is asked for. */
async function ratingsOf(trained: TrainedModel, options: RecommendOptions) {
  const data = await openUseData(trained, options);
  const rows = datasetRows(await data.load());
  const { users } = data;
  if (!rows || !users) throw notRatings(trained.format.kind);
  const { user } = options;
  if (user === undefined) return { data, users, rows };
  const position = userPosition({ where: data.info.source, users }, user);
  return { data, users: [user], rows: rowsAt(rows, Uint32Array.of(position)) };
}

function itemsOf({ format }: TrainedModel): readonly string[] {
  if (format.kind !== 'ratings') throw notRatings(format.kind);
  return format.items;
}

function columnsOf(list: readonly Recommendation[]) {
  return [
    list.map(({ user }) => user),
    Int32Array.from(list, ({ rank }) => rank),
    list.map(({ item }) => item),
    Float32Array.from(list, ({ score }) => score),
  ];
}

function notRatings(kind: string): RunError {
  return new RunError({
    code: 'RUN_NOT_RATINGS',
    where: 'recommend',
    expected: 'a run that was trained on ratings',
    got: `one on data of kind ${kind}`,
    fix: 'Train one: --preset recommend --data ratings:FILE.',
  });
}

function nothingHidden(source: string): RunError {
  return new RunError({
    code: 'RUN_NO_RELEVANT_ITEMS',
    where: source,
    expected: 'users with two items or more, of which some can be hidden',
    got: 'none',
    fix: 'Use data with more ratings, or leave --evaluate out.',
  });
}
